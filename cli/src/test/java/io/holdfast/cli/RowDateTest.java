package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowDateTest {
  private static final long SECOND = 1_000_000_000L;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "yyMMdd | 930101 | 1950 | UTC | 1993-01-01T00:00:00Z",
        "yyMMdd | 070228 | 1950 | UTC | 2007-02-28T00:00:00Z",
        "yyMMdd | 930101 | 2000 | UTC | 2093-01-01T00:00:00Z",
        "yyyy-MM-dd | 2024-02-29 | 1950 | UTC | 2024-02-29T00:00:00Z",
        "dd.MM.yyyy | 31.12.1999 | 1950 | Europe/Prague | 1999-12-30T23:00:00Z",
        "dd/MM/yy HH:mm | 05/06/98 14:30 | 1950 | UTC | 1998-06-05T14:30:00Z",
        "yyyy-MM-dd'T'HH:mm:ss.SSS | 2001-02-03T04:05:06.789 | 1950 | UTC | 2001-02-03T04:05:06.789Z",
      })
  void a_date_is_read_by_the_files_own_pattern(
      String pattern, String text, int firstYear, String zone, String instant) throws RowRefused {
    RowDate date = new RowDate(pattern, ZoneId.of(zone), firstYear);
    Instant expected = Instant.parse(instant);
    assertThat(date.parse(text).nanos())
        .isEqualTo(expected.getEpochSecond() * SECOND + expected.getNano());
  }

  @ParameterizedTest
  @CsvSource({"930230", "93011", "x30101", "''", "931301"})
  void a_day_that_does_not_exist_is_refused(String text) {
    RowDate date = new RowDate("yyMMdd", ZoneId.of("UTC"), 1950);
    assertThatThrownBy(() -> date.parse(text))
        .isInstanceOfSatisfying(
            RowRefused.class,
            refused -> {
              assertThat(refused.code()).isEqualTo("malformed-date");
              assertThat(refused.reason())
                  .isEqualTo("'" + text + "' is no date of the pattern 'yyMMdd'");
            });
  }

  @Test
  void rows_of_one_day_get_a_place_in_time_each() throws RowRefused {
    ImportedTimes times = new ImportedTimes();
    long day = 725_846_400L * SECOND;
    assertThat(times.next(day)).isEqualTo(day);
    assertThat(times.next(day)).isEqualTo(day + ImportedTimes.SLOT);
    assertThat(times.next(day + 1)).isEqualTo(day + 2L * ImportedTimes.SLOT);
    assertThat(times.next(day + 86_400L * SECOND)).isEqualTo(day + 86_400L * SECOND);
  }

  @Test
  void a_row_older_than_the_one_before_it_is_refused() throws RowRefused {
    ImportedTimes times = new ImportedTimes();
    times.next(2 * SECOND);
    assertThatThrownBy(() -> times.next(SECOND))
        .isInstanceOfSatisfying(
            RowRefused.class, refused -> assertThat(refused.code()).isEqualTo("not-in-order"));
    assertThatThrownBy(() -> times.next(-1))
        .isInstanceOfSatisfying(
            RowRefused.class, refused -> assertThat(refused.code()).isEqualTo("date-before-1970"));
  }
}
