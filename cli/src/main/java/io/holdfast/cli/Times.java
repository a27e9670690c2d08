package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Reads times on the command line as nanoseconds since 1970: instants and dates of ISO 8601, or
 * nanoseconds. A date is a whole day in UTC: from its first nanosecond, up to its last.
 */
final class Times {
  private static final long SECOND = 1_000_000_000L;
  private static final String ALLOWED =
      "an instant such as 2026-11-23T15:26:15.25Z, a date such as 2026-11-23 (UTC), or nanoseconds"
          + " since 1970; up to 2262-04-11";

  private Times() {}

  /** A time that something begins at. */
  static long from(String option, String text) {
    return parse(option, text, false);
  }

  /** A time that something ends at, itself included. */
  static long upTo(String option, String text) {
    return parse(option, text, true);
  }

  private static long parse(String option, String text, boolean endOfDay) {
    try {
      if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return Long.parseLong(text);
      }
      if (text.indexOf('T') < 0 && text.indexOf('t') < 0) {
        LocalDate day = LocalDate.parse(text);
        long start = nanos(day.atStartOfDay().toInstant(ZoneOffset.UTC));
        return endOfDay
            ? nanos(day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC)) - 1
            : start;
      }
      return nanos(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      throw new HoldfastException(
          "usage", option + " is '" + text + "'; allowed: " + ALLOWED, hint(text));
    }
  }

  private static long nanos(Instant instant) {
    if (instant.getEpochSecond() < 0) {
      throw new DateTimeException("before 1970");
    }
    return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), SECOND), instant.getNano());
  }

  private static String hint(String text) {
    try {
      var _ = LocalDateTime.parse(text);
      return "say which zone: " + text + "Z is UTC, " + text + "+01:00 an hour ahead of it";
    } catch (DateTimeException e) {
      return "";
    }
  }
}
