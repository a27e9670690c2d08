package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Up to where a history is restored. */
public sealed interface RestoreTarget {
  /** All that there is. */
  record End() implements RestoreTarget {}

  /** Up to and with this op; 0 for the empty ledger. */
  record Op(long op) implements RestoreTarget {}

  /** Up to and with the last op whose time is not after this one, in nanoseconds since 1970. */
  record Time(long nanos) implements RestoreTarget {}

  /**
   * Reads {@code end}, or an ISO time with its zone such as {@code 2026-11-26T07:00:00Z}.
   *
   * @throws HoldfastException code {@code usage}
   */
  static RestoreTarget parse(String end, String op, String time) {
    int given = (end.isEmpty() ? 0 : 1) + (op.isEmpty() ? 0 : 1) + (time.isEmpty() ? 0 : 1);
    if (given > 1) {
      throw new HoldfastException(
          "usage", "more than one moment is named", "name one: --to end, --to-op N or --to-time T");
    }
    if (!op.isEmpty()) {
      return op(op);
    }
    if (!time.isEmpty()) {
      return new Time(nanos(time));
    }
    if (!end.isEmpty() && !end.toLowerCase(Locale.ROOT).equals("end")) {
      throw new HoldfastException(
          "usage", "--to is '" + end + "'; allowed: end", "or name --to-op N or --to-time T");
    }
    return new End();
  }

  private static RestoreTarget op(String op) {
    if (!Pattern.matches("[0-9]{1,18}", op)) {
      throw new HoldfastException("usage", "--to-op is '" + op + "'; allowed: 0, 1, 2 …", "");
    }
    return new Op(Long.parseLong(op));
  }

  private static long nanos(String time) {
    try {
      Instant at = Instant.parse(time);
      return Math.addExact(TimeUnit.SECONDS.toNanos(at.getEpochSecond()), at.getNano());
    } catch (DateTimeException | ArithmeticException e) {
      throw new HoldfastException(
          "usage",
          "--to-time is '" + time + "'; allowed: a time such as 2026-11-26T07:00:00.5Z",
          "",
          e);
    }
  }

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
