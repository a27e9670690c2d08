package io.holdfast.node;

import io.helidon.common.uri.UriQuery;
import io.holdfast.journal.SiteLogReader;
import io.holdfast.kernel.HoldfastException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.TimeUnit;

/** Which acts a caller asks for: {@code since}, {@code kind}, {@code count}. */
final class LogQuery {
  private static final int COUNT_DEFAULT = 100;

  /** The answer stays below some megabytes. */
  private static final int COUNT_MAX = 10_000;

  private LogQuery() {}

  static SiteLogReader.Filter filter(UriQuery query) {
    String since = query.first("since").orElse("1970-01-01T00:00:00Z");
    String count = query.first("count").orElse(Integer.toString(COUNT_DEFAULT));
    if (!count.matches("[0-9]{1,5}")
        || Integer.parseInt(count) < 1
        || Integer.parseInt(count) > COUNT_MAX) {
      throw new HoldfastException(
          "malformed-number", "count is '" + count + "'; allowed: 1 to " + COUNT_MAX, "");
    }
    return new SiteLogReader.Filter(
        nanos(since), query.first("kind").orElse(null), Integer.parseInt(count));
  }

  private static long nanos(String time) {
    try {
      Instant instant = Instant.parse(time);
      return Math.addExact(TimeUnit.SECONDS.toNanos(instant.getEpochSecond()), instant.getNano());
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new HoldfastException(
          "malformed-time",
          "since is '" + time + "'; allowed: an instant such as 2026-11-26T08:00:00Z",
          "",
          e);
    }
  }
}
