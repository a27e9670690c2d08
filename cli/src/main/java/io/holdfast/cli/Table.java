package io.holdfast.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows and columns that align; numbers to the right. Has no borders, so that it can be cut. */
final class Table {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();
  private final boolean[] right;
  private final int[] widths;

  /** Columns by their titles; one that ends in {@code >} is aligned to the right. */
  Table(String... titles) {
    right = new boolean[titles.length];
    widths = new int[titles.length];
    List<String> plain = new ArrayList<>();
    for (int i = 0; i < titles.length; i++) {
      right[i] = titles[i].endsWith(">");
      plain.add(right[i] ? titles[i].substring(0, titles[i].length() - 1) : titles[i]);
    }
    if (plain.stream().anyMatch(title -> !title.isEmpty())) {
      rows.add(plain);
    }
  }

  Table row(Object... cells) {
    if (cells.length != right.length) {
      throw new IllegalArgumentException("a row of " + cells.length + " cells");
    }
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(String.valueOf(cell));
    }
    rows.add(row);
    return this;
  }

  /**
   * The lines of the rows since the last time, which stay in the columns of those before as long as
   * they fit.
   */
  List<String> drain() {
    List<String> lines = lines();
    rows.clear();
    return lines;
  }

  /** The lines, without blanks at their ends. */
  List<String> lines() {
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String blank = " ".repeat(widths[i] - width(row.get(i)));
        line.append(i == 0 ? "" : GAP);
        line.append(right[i] ? blank + row.get(i) : row.get(i) + blank);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  @Override
  public String toString() {
    return String.join(System.lineSeparator(), lines());
  }

  /** Columns on screen: colours take none. */
  static int width(String text) {
    String plain = text.replaceAll("\u001b\\[[0-9;]*m", "");
    return plain.codePointCount(0, plain.length());
  }
}
