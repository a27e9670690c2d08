package io.holdfast.cli;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;

/**
 * How a file writes dates: a pattern of {@link DateTimeFormatter}, with or without a time of day,
 * in a time zone. Impossible dates, such as 30 February, are refused.
 */
final class RowDate {
  private final String pattern;
  private final DateTimeFormatter formatter;
  private final ZoneId zone;

  /**
   * @param firstYear the first of the hundred years that two digits stand for: with 1950, 93 is
   *     1993 and 07 is 2007
   * @throws IllegalArgumentException if the pattern is none
   */
  RowDate(String pattern, ZoneId zone, int firstYear) {
    this.pattern = pattern;
    this.zone = zone;
    this.formatter = formatter(pattern, firstYear);
  }

  /**
   * When a row happened.
   *
   * @param nanos since 1970-01-01T00:00:00Z; a date without time is the start of its day
   * @param day counted from 1970-01-01 in the file's time zone
   */
  record Moment(long nanos, long day) {}

  Moment parse(String text) throws RowRefused {
    try {
      TemporalAccessor parsed = formatter.parse(text.strip());
      LocalDate date = LocalDate.from(parsed);
      LocalTime time = parsed.query(TemporalQueries.localTime());
      LocalDateTime moment = date.atTime(time == null ? LocalTime.MIDNIGHT : time);
      var instant = moment.atZone(zone).toInstant();
      long nanos = Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L);
      return new Moment(Math.addExact(nanos, instant.getNano()), date.toEpochDay());
    } catch (DateTimeException | ArithmeticException e) {
      throw new RowRefused(
          "malformed-date", "'" + text + "' is no date of the pattern '" + pattern + "'");
    }
  }

  private static DateTimeFormatter formatter(String pattern, int firstYear) {
    DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
    // Strict resolving wants the proleptic year; people write y.
    String years = pattern.replace('y', 'u');
    int at = years.indexOf("uu");
    if (at >= 0 && years.indexOf("uuu") < 0) {
      append(builder, years.substring(0, at));
      builder.appendValueReduced(ChronoField.YEAR, 2, 2, firstYear);
      append(builder, years.substring(at + 2));
    } else {
      append(builder, years);
    }
    return builder.toFormatter(Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
  }

  private static void append(DateTimeFormatterBuilder builder, String pattern) {
    if (!pattern.isEmpty()) {
      builder.appendPattern(pattern);
    }
  }
}
