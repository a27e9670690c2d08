package io.holdfast.node;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When something is to be done again. Whatever the wall clock does, it is never done twice in a
 * row, and never put off for ever: what matters is how long ago the last time was by a clock that
 * only grows; the wall clock only says which time of day it is. What was missed is done once.
 */
sealed interface Schedule {
  /** So much time after the last time. */
  record Every(Duration interval) implements Schedule {
    @Override
    public String toString() {
      long minutes = interval.toMinutes();
      return "every "
          + (minutes % 1_440 == 0
              ? minutes / 1_440 + "d"
              : minutes % 60 == 0 ? minutes / 60 + "h" : minutes + "m");
    }
  }

  /** Each day at this time, UTC. */
  record Daily(LocalTime at) implements Schedule {
    /** The last time that it was this time of day. */
    Instant latest(Instant now) {
      ZonedDateTime day = now.atZone(ZoneOffset.UTC);
      Instant today = day.with(at).toInstant();
      return today.isAfter(now) ? day.minusDays(1).with(at).toInstant() : today;
    }

    @Override
    public String toString() {
      return "daily " + at;
    }
  }

  /** Only when somebody asks. */
  record Never() implements Schedule {
    @Override
    public String toString() {
      return "none";
    }
  }

  /**
   * Whether it is due.
   *
   * @param last when it was done last, as the wall clock said then; null for never
   * @param now as the wall clock says
   * @param elapsed how long ago that was: by the wall clock up to when this process learned of it
   *     (0 if that was in its future), and from then on by the monotonic one
   */
  default boolean isDue(@Nullable Instant last, Instant now, Duration elapsed) {
    return switch (this) {
      case Never _ -> false;
      case Every every -> last == null || elapsed.compareTo(every.interval()) >= 0;
      case Daily daily ->
          last == null
              || (last.isAfter(now)
                  ? elapsed.compareTo(Duration.ofDays(1)) >= 0
                  : daily.latest(now).isAfter(last));
    };
  }

  /** Reads {@code every 6h}, {@code daily 02:00} or {@code none}. */
  static Optional<Schedule> parse(String text) {
    Matcher every = Form.EVERY.matcher(text);
    if (text.equals("none")) {
      return Optional.of(new Never());
    }
    if (every.matches()) {
      long number = Long.parseLong(every.group(1));
      Duration interval =
          switch (every.group(2)) {
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
          };
      boolean allowed =
          interval.compareTo(Form.SHORTEST) >= 0 && interval.compareTo(Form.LONGEST) <= 0;
      return allowed ? Optional.of(new Every(interval)) : Optional.empty();
    }
    if (text.matches("daily [0-9]{2}:[0-9]{2}")) {
      try {
        return Optional.of(new Daily(LocalTime.parse(text.substring("daily ".length()))));
      } catch (DateTimeParseException e) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** How a schedule is written. */
  final class Form {
    private static final Pattern EVERY = Pattern.compile("every ([0-9]{1,6})(m|h|d)");

    /** A backup that takes no minute may still take some. */
    private static final Duration SHORTEST = Duration.ofMinutes(1);

    private static final Duration LONGEST = Duration.ofDays(366);

    static final String ALLOWED =
        "'every 6h' (a whole number with m, h or d; 1 minute to 366 days), 'daily 02:00' (UTC) or"
            + " none";

    private Form() {}
  }
}
