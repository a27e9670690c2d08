package io.holdfast.journal;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/** Holds all who use it back to so many bytes in a second, together. For any thread. */
public final class Pace implements LongConsumer {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** No wait is longer, so that who waits soon sees that it is to end. */
  private static final long WAIT_MAX_NANOS = NANOS_PER_SECOND;

  private final long bytesPerSecond;
  private long due = System.nanoTime(); // when what was counted so far may have been moved

  /**
   * @param bytesPerSecond more than 0
   */
  public Pace(long bytesPerSecond) {
    if (bytesPerSecond <= 0) {
      throw new IllegalArgumentException("a pace of " + bytesPerSecond + " bytes per second");
    }
    this.bytesPerSecond = bytesPerSecond;
  }

  @Override
  public void accept(long bytes) {
    long wait = count(bytes);
    if (wait > 0) {
      LockSupport.parkNanos(Math.min(wait, WAIT_MAX_NANOS));
    }
  }

  /** As {@link #accept}, but waits for as long as it takes, unless the thread is interrupted. */
  public void await(long bytes) {
    long start = System.nanoTime();
    long wait = count(bytes);
    for (long left = wait; left > 0 && !Thread.currentThread().isInterrupted(); ) {
      LockSupport.parkNanos(left);
      left = wait - (System.nanoTime() - start);
    }
  }

  private synchronized long count(long bytes) {
    long now = System.nanoTime();
    due =
        Math.max(due, now - NANOS_PER_SECOND / 10)
            + (long) ((double) bytes / bytesPerSecond * NANOS_PER_SECOND);
    return due - now;
  }
}
