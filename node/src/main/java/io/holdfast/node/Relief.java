package io.holdfast.node;

import io.holdfast.kernel.Clock;
import java.time.Duration;

/**
 * Whether this node leaves the work for a repository to another one, since it failed at it again
 * and again: its way to the store may be broken, its key, or its journal. After a while it may be
 * tried whether that is over; each time that it is not, the while is twice as long. Safe for use by
 * many threads.
 */
final class Relief {
  private static final Backoff BACKOFF = new Backoff(Duration.ofMinutes(1), Duration.ofHours(1));

  private final int failuresMax;
  private final Clock clock;
  private int failures;
  private boolean wanted;
  private int times;
  private long sinceNanos;

  /**
   * @param failuresMax in a row, then it is left to others
   */
  Relief(int failuresMax, Clock clock) {
    this.failuresMax = failuresMax;
    this.clock = clock;
  }

  /** The work failed. */
  synchronized void failed() {
    failures++;
    if (failures >= failuresMax && !wanted) {
      want();
    }
  }

  /** The work was done. */
  synchronized void worked() {
    failures = 0;
    times = 0;
    wanted = false;
  }

  /** Whether others are to do it. */
  synchronized boolean wanted() {
    return wanted;
  }

  /** Whether it is worth a try whether this node could do it again. */
  synchronized boolean mayTry() {
    return wanted
        && clock.monotonicNanos() - sinceNanos >= BACKOFF.after(Math.max(1, times)).toNanos();
  }

  /** It was tried whether this node can reach the repository; counts only when it was time to. */
  synchronized void tried(boolean reached) {
    if (!mayTry()) {
      return;
    }
    if (reached) {
      wanted = false;
      failures = failuresMax - 1; // one more, and it is left to others again
    } else {
      want();
    }
  }

  private void want() {
    wanted = true;
    times++;
    sinceNanos = clock.monotonicNanos();
  }
}
