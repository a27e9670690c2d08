package io.holdfast.journal;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/** Holds who writes back to so many bytes in a second. For one thread. */
final class Pace implements LongConsumer {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final long bytesPerSecond;
  private long due = System.nanoTime(); // when what was written so far may have been written

  Pace(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  @Override
  public void accept(long bytes) {
    long now = System.nanoTime();
    due = Math.max(due, now - NANOS_PER_SECOND / 10) + bytes * NANOS_PER_SECOND / bytesPerSecond;
    if (due > now) {
      LockSupport.parkNanos(due - now);
    }
  }
}
