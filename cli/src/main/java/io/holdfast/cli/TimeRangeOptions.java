package io.holdfast.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** From when to when. */
final class TimeRangeOptions {
  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "From this instant, date (UTC) or nanosecond on, itself included.")
  private @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Up to this instant, date (UTC, the whole day) or nanosecond, itself included.")
  private @Nullable String to;

  long fromNanos() {
    return from == null ? 0 : Times.from("--from", from);
  }

  long toNanos() {
    return to == null ? Long.MAX_VALUE : Times.upTo("--to", to);
  }

  void check() {
    if (fromNanos() > toNanos()) {
      throw Arguments.wrong("--to", String.valueOf(to), "a time that is not before --from " + from);
    }
  }
}
