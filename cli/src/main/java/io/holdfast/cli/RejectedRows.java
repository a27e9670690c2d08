package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * The file of rows that an import refused: line, code, reason and the row itself, as UTF-8 CSV. It
 * is made when the first row is refused; one left over from an earlier import is removed.
 */
final class RejectedRows implements AutoCloseable {
  private final Path file;
  private @Nullable CSVPrinter printer;

  RejectedRows(Path file) {
    this.file = file;
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  void add(long line, String code, String reason, String raw) {
    try {
      if (printer == null) {
        BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
        CSVFormat format = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();
        printer = new CSVPrinter(writer, format);
        printer.printRecord("line", "code", "reason", "row");
      }
      printer.printRecord(line, code, reason, raw);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public void close() {
    try {
      if (printer != null) {
        printer.close(true);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private HoldfastException unwritable(IOException e) {
    return new HoldfastException(
        "unwritable-file",
        "the file of rejected rows " + file + " cannot be written: " + e,
        "name another with --rejected",
        e);
  }
}
