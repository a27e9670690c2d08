package io.holdfast.client;

import java.util.Arrays;

/**
 * After how long without an answer another gateway is asked as well: three times what nearly all
 * recent requests took (their p99), but never less than what was configured and never more than the
 * bound. A request that several gateways did not answer in time waits longer for each next, so that
 * one that simply takes its time is answered in the end. So a site that is merely busy is not
 * burdened with repetitions, and a node that hangs is left soon. Before the first answer it is four
 * times as long: connections and code are cold.
 *
 * <p>The largest few samples never count, so that the requests that lived through one failover do
 * not make the client slow to notice the next. Safe for use by many threads.
 */
final class AttemptTimeout {
  private static final int SAMPLES = 512;
  private static final int OUTLIERS = 5; // the 1 % above p99; at least what one failover delays
  private static final int RECOMPUTE_EVERY = 16;
  private static final int MULTIPLE = 3;
  private static final int COLD = 4;

  /** Each gateway of a usual site may be slow once before patience grows. */
  private static final int SLOW_AT_ONCE = 2;

  private static final int DOUBLINGS_MAX = 10;

  private final long leastNanos;
  private final long mostNanos;
  private final long[] samples = new long[SAMPLES];
  private long recorded;
  private volatile long nanos;

  AttemptTimeout(long leastNanos, long mostNanos) {
    this.leastNanos = leastNanos;
    this.mostNanos = mostNanos;
    this.nanos = Math.min(COLD * leastNanos, mostNanos);
  }

  /**
   * @param slow how many gateways were left so far because they did not answer this request in time
   */
  long nanos(int slow) {
    int doublings = Math.clamp(slow - SLOW_AT_ONCE, 0, DOUBLINGS_MAX);
    return Math.max(nanos, Math.min(nanos << doublings, mostNanos));
  }

  /** Notes how long a request took that was answered by the gateway that it was first sent to. */
  synchronized void record(long tookNanos) {
    if (recorded == 0) {
      nanos = leastNanos;
    }
    samples[(int) (recorded++ % SAMPLES)] = tookNanos;
    if (recorded % RECOMPUTE_EVERY == 0) {
      int count = (int) Math.min(recorded, SAMPLES);
      long[] sorted = Arrays.copyOf(samples, count);
      Arrays.sort(sorted);
      long usual = sorted[count - 1 - OUTLIERS];
      nanos = Math.clamp(MULTIPLE * usual, leastNanos, mostNanos);
    }
  }
}
