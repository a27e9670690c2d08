package io.holdfast.cli;

import java.nio.charset.Charset;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.jspecify.annotations.Nullable;

/**
 * How a file of rows is written.
 *
 * @param quote around text; null if the file never quotes
 * @param skipLines lines before the header, or before the first row if there is no header
 * @param header whether the first line names the columns
 * @param columns the names when there is no header; else empty
 */
record CsvFormat(
    Charset encoding,
    char separator,
    @Nullable Character quote,
    int skipLines,
    boolean header,
    List<String> columns) {

  CSVFormat parser() {
    return CSVFormat.DEFAULT.builder().setDelimiter(separator).setQuote(quote).get();
  }
}
