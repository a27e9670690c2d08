package io.holdfast.cli;

import java.util.List;

/** The values of one row, by the names of their columns. */
record Cells(Header header, List<String> values) {
  /** The value without surrounding blanks; empty if the file has nothing there. */
  String get(Column column) {
    return values.get(header.position(column)).strip();
  }
}
