package io.holdfast.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  private static Schedule of(String text) {
    return Schedule.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    // schedule, last time by the wall clock then, now by the wall clock, really elapsed, due
    "none, , 2026-03-01T02:00:00Z, P10D, false",
    "every 6h, , 2026-03-01T02:00:00Z, PT0S, true",
    "every 6h, 2026-03-01T00:00:00Z, 2026-03-01T05:59:59Z, PT5H59M59S, false",
    "every 6h, 2026-03-01T00:00:00Z, 2026-03-01T06:00:00Z, PT6H, true",
    // missed while nothing ran
    "every 6h, 2026-03-01T00:00:00Z, 2026-03-09T00:00:00Z, P8D, true",
    // the clock jumped ahead, then back: only the time that passed counts
    "every 6h, 2026-03-01T00:00:00Z, 2027-03-01T00:00:00Z, PT1H, false",
    "every 6h, 2027-03-01T00:00:00Z, 2026-03-01T00:00:00Z, PT1H, false",
    "every 6h, 2027-03-01T00:00:00Z, 2026-03-01T06:00:00Z, PT6H, true",
    "daily 02:00, , 2026-03-01T01:00:00Z, PT0S, true",
    "daily 02:00, 2026-03-01T02:00:05Z, 2026-03-02T01:59:59Z, PT23H59M54S, false",
    "daily 02:00, 2026-03-01T02:00:05Z, 2026-03-02T02:00:00Z, PT23H59M55S, true",
    "daily 02:00, 2026-03-01T01:59:59Z, 2026-03-01T02:00:00Z, PT1S, true",
    // missed while nothing ran: once, and then at its time again
    "daily 02:00, 2026-03-01T02:00:05Z, 2026-03-05T14:00:00Z, P4DT12H, true",
    "daily 02:00, 2026-03-05T14:00:00Z, 2026-03-05T14:00:01Z, PT1S, false",
    "daily 02:00, 2026-03-05T14:00:00Z, 2026-03-06T02:00:00Z, PT12H, true",
    // the clock was set back after it was done: not twice
    "daily 02:00, 2026-03-01T02:00:05Z, 2026-03-01T01:55:00Z, PT10M, false",
    "daily 02:00, 2026-03-01T02:00:05Z, 2026-03-01T02:00:06Z, PT15M, false",
    // done while the clock was a year ahead: not put off for a year
    "daily 02:00, 2027-03-01T02:00:05Z, 2026-03-02T01:00:00Z, PT23H, false",
    "daily 02:00, 2027-03-01T02:00:05Z, 2026-03-02T02:00:00Z, P1D, true",
  })
  void it_is_due(String schedule, Instant last, Instant now, Duration elapsed, boolean due) {
    assertThat(of(schedule).isDue(last, now, elapsed)).isEqualTo(due);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "every",
        "every 6",
        "every 0h",
        "every 367d",
        "every 6 h",
        "daily",
        "daily 2:00",
        "daily 24:00",
        "daily 02:60",
        "hourly",
        "None"
      })
  void what_is_no_schedule_is_refused(String text) {
    assertThat(Schedule.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"every 1m", "every 90m", "every 6h", "every 7d", "daily 02:00", "none"})
  void a_schedule_is_written_as_it_is_read(String text) {
    assertThat(of(text)).hasToString(text);
  }

  /** Whatever a wall clock does, looked at every minute. */
  @Test
  void with_any_clock_it_is_done_neither_twice_in_a_row_nor_put_off_for_ever() {
    long seed = System.nanoTime();
    for (String text : new String[] {"every 6h", "daily 02:00"}) {
      Random random = new Random(seed);
      Duration interval = text.startsWith("every") ? Duration.ofHours(6) : Duration.ofDays(1);
      Instant wall = Instant.parse("2026-03-01T00:00:00Z");
      Instant last = null;
      long done = 0;
      for (long minute = 0; minute < 200 * 1_440; minute++) {
        wall = wall.plusSeconds(60);
        if (random.nextInt(3_000) == 0) { // about once in two days
          wall =
              wall.plusSeconds((random.nextLong(2 * 400) - 400) * 86_400 + random.nextInt(86_400));
        }
        Duration elapsed = Duration.ofMinutes(minute - done);
        if (of(text).isDue(last, wall, elapsed)) {
          if (text.startsWith("every") && last != null) {
            assertThat(elapsed).as("seed %d", seed).isGreaterThanOrEqualTo(interval);
          }
          last = wall;
          done = minute;
        } else {
          // A clock that is set back within a day lets one time of day come twice.
          assertThat(elapsed).as("seed %d: %s", seed, text).isLessThan(interval.multipliedBy(2));
        }
      }
    }
  }
}
