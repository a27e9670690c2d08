package io.holdfast.cluster;

import io.holdfast.kernel.Clock;
import java.util.Arrays;

/**
 * The site's time as this node knows it: it runs on monotonic time, never steps while the node
 * leads, and is drawn slowly towards the median of the members' wall clocks. Safe for use by many
 * threads.
 *
 * <p>A node that follows may take over a better estimate at once, because nobody sees its time;
 * from the moment it leads, it slews by at most {@link #SLEW_PPM}. With an even number of clocks
 * that disagree, the earlier one of the middle two is believed: a reservation may then expire late,
 * but never early.
 */
final class SiteClock {
  /** A node further than this from the median of the members is an incident and shall not lead. */
  static final long TOLERANCE_NANOS = 1_000_000_000L;

  /** Half a millisecond a second: ten times what a bad crystal drifts, too slow to be noticed. */
  private static final long SLEW_PPM = 500;

  private final Clock clock;
  private long baseTime;
  private long baseMonotonic;
  private long target; // where base time ought to be, at base monotonic time
  private boolean leading;
  private boolean sampled; // whether other members' clocks were heard yet
  private volatile long offsetNanos; // own wall clock against the median

  SiteClock(Clock clock) {
    this.clock = clock;
    this.baseTime = clock.wallNanos();
    this.baseMonotonic = clock.monotonicNanos();
    this.target = baseTime;
  }

  /** Nanoseconds since the epoch, never less than before while this node leads. */
  synchronized long now() {
    return at(clock.monotonicNanos());
  }

  /** This node begins to lead: from now on no steps. */
  synchronized void lead() {
    leading = true;
  }

  /** This node leads no more. */
  synchronized void follow() {
    leading = false;
  }

  /** Whether enough clocks were heard, or there is only this one, to lead with this time. */
  synchronized boolean sampled() {
    return sampled;
  }

  /**
   * Takes the wall clocks of the members that were heard, this one's included, all meant for the
   * moment {@code monotonic}.
   */
  synchronized void sample(long monotonic, long ownWall, long[] walls) {
    long median = median(walls, at(monotonic));
    offsetNanos = ownWall - median;
    long elapsedTime = at(monotonic);
    baseMonotonic = monotonic;
    baseTime = leading ? elapsedTime : median;
    target = median;
    sampled = true;
  }

  /** This node's wall clock against the median of the members, positive when it is ahead. */
  long offsetNanos() {
    return offsetNanos;
  }

  private long median(long[] walls, long running) {
    long[] sorted = walls.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    if (sorted.length % 2 == 1) {
      return sorted[middle];
    }
    long lower = sorted[middle - 1];
    long upper = sorted[middle];
    if (!sampled) {
      return lower;
    }
    // Two clocks disagree and there is no third to ask: stay with the one that fits what was
    // believed.
    return Math.abs(lower - running) <= Math.abs(upper - running) ? lower : upper;
  }

  private long at(long monotonic) {
    long elapsed = monotonic - baseMonotonic;
    long most = elapsed / 1_000_000 * SLEW_PPM;
    long correction = Math.clamp(target - baseTime, -most, most);
    return baseTime + elapsed + correction;
  }
}
