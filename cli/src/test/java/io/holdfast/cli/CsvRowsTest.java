package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvRowsTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void each_row_knows_its_line_and_its_text() throws IOException {
    List<CsvRows.Row> rows = read("a;b\n1;2\n\n\"x;y\";4\n");
    assertThat(rows).extracting(CsvRows.Row::line).containsExactly(2L, 4L);
    assertThat(rows).extracting(CsvRows.Row::raw).containsExactly("1;2", "\"x;y\";4");
    assertThat(rows.get(1).values()).containsExactly("x;y", "4");
  }

  @Test
  void a_quoted_text_may_span_lines() throws IOException {
    List<CsvRows.Row> rows = read("a;b\n\"one\ntwo\";2\n3;4\n");
    assertThat(rows.get(0).values()).containsExactly("one\ntwo", "2");
    assertThat(rows.get(1).line()).isEqualTo(4);
  }

  @Test
  void a_lost_quote_spoils_its_own_line_only() throws IOException {
    StringBuilder file = new StringBuilder("a;b\n1;2\n\"lost;4\n");
    for (int i = 0; i < 100; i++) {
      file.append(i).append(";\"").append(i).append("\"\n");
    }
    List<CsvRows.Row> rows = read(file.toString());
    assertThat(rows).hasSize(102);
    assertThat(refusals(rows)).containsExactly("3 bad-quoting");
    assertThat(rows.getLast().line()).isEqualTo(103);
  }

  @Test
  void a_lost_quote_at_the_end_of_the_file_is_refused() throws IOException {
    assertThat(refusals(read("a;b\n1;2\n\"lost;4\n5;6\n"))).containsExactly("3 bad-quoting");
  }

  @Test
  void text_after_a_closing_quote_is_refused() throws IOException {
    List<CsvRows.Row> rows = read("a;b\n\"1\"x;2\n3;4\n");
    assertThat(refusals(rows)).containsExactly("2 bad-quoting");
    assertThat(rows.get(1).values()).containsExactly("3", "4");
  }

  @Test
  void a_row_with_too_few_or_too_many_columns_is_refused() throws IOException {
    List<CsvRows.Row> rows = read("a;b\n1\n1;2;3\n1;2\n");
    assertThat(refusals(rows)).containsExactly("2 wrong-columns", "3 wrong-columns");
    RowRefused refused = rows.getFirst().refused();
    assertThat(refused == null ? "" : refused.reason())
        .isEqualTo("1 columns where the header has 2");
  }

  @Test
  void bytes_that_the_encoding_does_not_have_are_told_with_a_hint() throws IOException {
    Path file = directory.resolve("latin.csv");
    Files.write(file, "a;b\nž;2\n".getBytes(Charset.forName("windows-1250")));
    assertThatThrownBy(() -> read(file, format(StandardCharsets.UTF_8)))
        .isInstanceOfSatisfying(
            HoldfastException.class,
            e -> {
              assertThat(e.code()).isEqualTo("wrong-encoding");
              assertThat(e.hint()).contains("csv.encoding");
            });
    assertThat(read(file, format(Charset.forName("windows-1250"))).getFirst().values())
        .containsExactly("ž", "2");
  }

  @Test
  void a_byte_order_mark_is_not_part_of_the_first_name() throws IOException {
    Path file = Files.writeString(directory.resolve("bom.csv"), "\uFEFFa;b\n1;2\n");
    try (CsvRows rows = CsvRows.open(file, format(StandardCharsets.UTF_8))) {
      assertThat(rows.header().names()).containsExactly("a", "b");
    }
  }

  @Test
  void a_header_that_names_a_column_twice_is_refused() {
    assertThatThrownBy(() -> read("a;a\n1;2\n"))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("malformed-csv"))
        .hasMessage("the column 'a' stands twice in the header");
  }

  @Test
  void lines_before_the_header_can_be_skipped() throws IOException {
    Path file = Files.writeString(directory.resolve("bank.csv"), "Account 1\n\na;b\n1;2\n");
    CsvFormat format = new CsvFormat(StandardCharsets.UTF_8, ';', '"', 2, true, List.of());
    assertThat(read(file, format)).extracting(CsvRows.Row::line).containsExactly(4L);
  }

  @Test
  void an_empty_file_is_refused() {
    assertThatThrownBy(() -> read("")).hasMessageContaining("is empty");
  }

  private List<CsvRows.Row> read(String content) throws IOException {
    return read(
        Files.writeString(directory.resolve("rows.csv"), content), format(StandardCharsets.UTF_8));
  }

  private static List<CsvRows.Row> read(Path file, CsvFormat format) {
    List<CsvRows.Row> all = new ArrayList<>();
    try (CsvRows rows = CsvRows.open(file, format)) {
      for (CsvRows.Row row = rows.next(); row != null; row = rows.next()) {
        all.add(row);
      }
    }
    return all;
  }

  private static List<String> refusals(List<CsvRows.Row> rows) {
    List<String> refusals = new ArrayList<>();
    for (CsvRows.Row row : rows) {
      if (row.refused() != null) {
        refusals.add(row.line() + " " + row.refused().code());
      }
    }
    return refusals;
  }

  private static CsvFormat format(Charset encoding) {
    return new CsvFormat(encoding, ';', '"', 0, true, List.of());
  }
}
