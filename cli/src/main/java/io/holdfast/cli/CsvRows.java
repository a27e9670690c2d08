package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a file of any size, one at a time. Bad quoting spoils the row it is in and no other:
 * a quote that is never closed is given up after {@link #LINES_PER_ROW_MAX} lines, its line is
 * refused, and reading goes on with the line after it.
 *
 * <p>Used by one thread; {@link #bytesRead} may be asked by any.
 */
final class CsvRows implements AutoCloseable {
  /** Lines that one row may span; a remittance text has a few, a lost quote would eat the file. */
  static final int LINES_PER_ROW_MAX = 20;

  private final Path file;
  private final CSVFormat parser;
  private final CountedBytes bytes;
  private final BufferedReader reader;
  private final Deque<String> ahead = new ArrayDeque<>();
  private final Header header;
  private long line;

  /**
   * One row as it was read.
   *
   * @param line its first line in the file, from 1
   * @param values in order of the columns; empty if {@code refused}
   * @param raw the text as it stands in the file
   * @param refused why it is no row of the file's columns; null if it is one
   */
  record Row(long line, List<String> values, String raw, @Nullable RowRefused refused) {}

  private CsvRows(Path file, CsvFormat format, InputStream in) throws IOException {
    this.file = file;
    this.parser = format.parser();
    this.bytes = new CountedBytes(in);
    this.reader =
        new BufferedReader(new InputStreamReader(bytes, format.encoding().newDecoder()), 1 << 16);
    for (int i = 0; i < format.skipLines(); i++) {
      readLine();
    }
    this.header = new Header(format.header() ? headerLine() : format.columns());
  }

  static CsvRows open(Path file, CsvFormat format) {
    try {
      InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
      try {
        return new CsvRows(file, format, in);
      } catch (IOException | RuntimeException e) {
        in.close();
        throw e;
      }
    } catch (IOException e) {
      throw unreadable(file, 1, e);
    }
  }

  Header header() {
    return header;
  }

  long bytesRead() {
    return bytes.count;
  }

  /** The next row, good or bad; null at the end. Empty lines are no rows. */
  @Nullable Row next() {
    try {
      String text = readLine();
      while (text != null && text.isBlank()) {
        text = readLine();
      }
      return text == null ? null : row(text);
    } catch (IOException e) {
      throw unreadable(file, line + 1, e);
    }
  }

  private Row row(String text) throws IOException {
    long first = line;
    Parsed parsed = parse(text);
    StringBuilder joined = new StringBuilder(text);
    Deque<String> taken = new ArrayDeque<>();
    while (parsed.open() && taken.size() < LINES_PER_ROW_MAX - 1) {
      String more = readLine();
      if (more == null) {
        break;
      }
      taken.addLast(more);
      joined.append('\n').append(more);
      parsed = parse(joined.toString());
    }
    if (parsed.problem() != null) {
      while (!taken.isEmpty()) {
        ahead.addFirst(taken.removeLast());
        line--;
      }
      return refused(first, text, "bad-quoting", parsed.problem());
    }
    if (parsed.values().size() != header.size()) {
      String problem =
          "%d columns where the header has %d".formatted(parsed.values().size(), header.size());
      return refused(first, joined.toString(), "wrong-columns", problem);
    }
    return new Row(first, parsed.values(), joined.toString(), null);
  }

  /** What became of a text: its values, or a problem; open if more lines might close a quote. */
  private record Parsed(List<String> values, @Nullable String problem, boolean open) {}

  private Parsed parse(String text) {
    try (CSVParser csv = CSVParser.parse(text, parser)) {
      List<CSVRecord> records = csv.getRecords();
      if (records.size() == 1) {
        return new Parsed(records.getFirst().toList(), null, false);
      }
      return new Parsed(List.of(), "a quote opens that is closed beyond the row", false);
    } catch (IOException | UncheckedIOException e) {
      String message = String.valueOf(e.getMessage());
      return message.contains("EOF reached before")
          ? new Parsed(List.of(), "a quote opens that is not closed", true)
          : new Parsed(List.of(), "a closing quote is followed by text", false);
    }
  }

  private static Row refused(long line, String raw, String code, String reason) {
    return new Row(line, List.of(), raw, new RowRefused(code, reason));
  }

  private List<String> headerLine() throws IOException {
    String text = readLine();
    if (text == null) {
      throw new HoldfastException(
          "malformed-csv", file + " is empty: not even a header is there", "");
    }
    String names = text.startsWith("\uFEFF") ? text.substring(1) : text;
    Parsed parsed = parse(names);
    if (parsed.problem() != null) {
      throw new HoldfastException(
          "malformed-csv",
          "%s line %d: the header cannot be read: %s".formatted(file, line, parsed.problem()),
          "check csv.quote, csv.separator and csv.header in the mapping");
    }
    return parsed.values();
  }

  private @Nullable String readLine() throws IOException {
    String next = ahead.isEmpty() ? reader.readLine() : ahead.removeFirst();
    if (next != null) {
      line++;
    }
    return next;
  }

  private static HoldfastException unreadable(Path file, long line, IOException cause) {
    if (cause instanceof CharacterCodingException) {
      return new HoldfastException(
          "wrong-encoding",
          file + " near line " + line + ": bytes that the encoding does not have",
          "set csv.encoding in the mapping, for example ISO-8859-1 or windows-1250",
          cause);
    }
    return new HoldfastException(
        "unreadable-file", file + " cannot be read: " + cause, "check the path", cause);
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw unreadable(file, line, e);
    }
  }

  /** Counts what was read. One thread writes the count, any may read it. */
  private static final class CountedBytes extends FilterInputStream {
    private volatile long count;

    CountedBytes(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      add(one < 0 ? 0 : 1);
      return one;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int n = super.read(into, from, length);
      add(Math.max(n, 0));
      return n;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread reads the file
    private void add(int n) {
      count += n;
    }
  }
}
