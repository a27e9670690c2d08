package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "17, 17, 17",
    "9223372036854775807, 9223372036854775807, 9223372036854775807",
    "1970-01-01, 0, 86399999999999",
    "2026-11-23, 1795392000000000000, 1795478399999999999",
    "2026-11-23T15:26:15Z, 1795447575000000000, 1795447575000000000",
    "2026-11-23T15:26:15.135434541Z, 1795447575135434541, 1795447575135434541",
    "2026-11-23T16:26:15+01:00, 1795447575000000000, 1795447575000000000",
    "2262-04-10, 9223200000000000000, 9223286399999999999",
  })
  void instants_dates_and_nanoseconds_are_read(String text, long from, long upTo) {
    assertThat(Times.from("--from", text)).isEqualTo(from);
    assertThat(Times.upTo("--to", text)).isEqualTo(upTo);
  }

  @ParameterizedTest
  @CsvSource({
    "yesterday",
    "''",
    "-1",
    "2026-02-30",
    "2026-13-01",
    "23.11.2026",
    "1969-12-31T23:59:59Z",
    "9223372036854775808",
    "2300-01-01",
    "2026-11-23T25:00:00Z",
  })
  void what_is_no_time_is_refused_by_name(String text) {
    assertThatThrownBy(() -> Times.from("--from", text))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("usage"))
        .hasMessageStartingWith("--from is '" + text + "'; allowed: an instant such as ");
  }

  @Test
  void a_time_of_day_without_a_zone_is_refused_with_what_to_add() {
    assertThatThrownBy(() -> Times.upTo("--at", "2026-11-23T15:26:15"))
        .isInstanceOfSatisfying(
            HoldfastException.class,
            e -> assertThat(e.hint()).startsWith("say which zone: 2026-11-23T15:26:15Z is UTC"));
  }
}
