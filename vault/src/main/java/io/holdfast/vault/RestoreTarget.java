package io.holdfast.vault;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Up to where a history is restored. */
public sealed interface RestoreTarget {
  /** All that there is. */
  record End() implements RestoreTarget {}

  /** Up to and with this op; 0 for the empty ledger. */
  record Op(long op) implements RestoreTarget {}

  /** Up to and with the last op whose time is not after this one, in nanoseconds since 1970. */
  record Time(long nanos) implements RestoreTarget {}

  /** In words. */
  default String describe() {
    return switch (this) {
      case End() -> "the end";
      case Op(long op) -> "op " + op;
      case Time(long nanos) -> instant(nanos).toString();
    };
  }

  /** A time in nanoseconds since 1970. */
  static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        TimeUnit.NANOSECONDS.toSeconds(nanos), nanos % TimeUnit.SECONDS.toNanos(1));
  }
}
