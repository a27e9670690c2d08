package io.holdfast.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads lengths of time on the command line: {@code 90s}, {@code 30m}, {@code 12h}, {@code 30d}.
 */
final class Durations {
  private static final Pattern LENGTH = Pattern.compile("([0-9]{1,9})(s|m|h|d|w)");
  private static final int DAYS_OF_WEEK = 7;

  private Durations() {}

  static Duration parse(String option, String text) {
    Matcher length = LENGTH.matcher(text);
    if (!length.matches()) {
      throw Arguments.wrong(option, text, "a length of time such as 90s, 30m, 12h, 30d or 8w");
    }
    long number = Long.parseLong(length.group(1));
    return switch (length.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> Duration.ofDays(number * DAYS_OF_WEEK);
    };
  }
}
