package io.holdfast.drill;

import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Until when something is waited for, on monotonic time. */
public final class Deadline {
  private static final long POLL_NANOS = 10_000_000;

  private final long atNanos;

  private Deadline(long atNanos) {
    this.atNanos = atNanos;
  }

  public static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  public boolean passed() {
    return System.nanoTime() - atNanos >= 0;
  }

  public Duration left() {
    return Duration.ofNanos(Math.max(0, atNanos - System.nanoTime()));
  }

  /** Looks every 10 ms whether the condition holds; false when the deadline passed first. */
  public boolean holds(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      if (passed() || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return true;
  }

  /** As {@link #holds}; when the deadline passes, throws what {@code otherwise} makes. */
  public void await(BooleanSupplier condition, Supplier<HoldfastException> otherwise) {
    if (!holds(condition)) {
      throw otherwise.get();
    }
  }

  /** Lets time pass where the time is the point: how long a fault lasts, how often one looks. */
  public static void letPass(Duration duration) {
    in(duration).holds(() -> false);
  }

  /** As {@link #await(BooleanSupplier, Supplier)} with code {@code not-in-time}. */
  public static void await(String what, Duration within, BooleanSupplier condition) {
    Deadline.in(within)
        .await(
            condition,
            () ->
                new HoldfastException(
                    "not-in-time", what + " did not come true within " + within, ""));
  }
}
