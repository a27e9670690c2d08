package io.holdfast.node;

import io.holdfast.kernel.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long ago something was done: by the wall clock up to when this process learned of it, from
 * then on by the monotonic one, so that no jump of the wall clock counts. For one thread.
 */
final class Elapsed {
  private final Clock clock;
  private @Nullable Instant last;
  private Duration before = Duration.ZERO;
  private long learnedNanos;

  Elapsed(Clock clock) {
    this.clock = clock;
  }

  /** It was done then; nothing new when that is known already. */
  void learn(Instant when) {
    if (when.equals(last)) {
      return;
    }
    last = when;
    Duration ago = Duration.between(when, now());
    before = ago.isNegative() ? Duration.ZERO : ago;
    learnedNanos = clock.monotonicNanos();
  }

  /** Whether it was ever done. */
  boolean known() {
    return last != null;
  }

  Duration duration() {
    return before.plusNanos(clock.monotonicNanos() - learnedNanos);
  }

  boolean isDue(Schedule schedule) {
    return schedule.isDue(last, now(), duration());
  }

  private Instant now() {
    return Instant.ofEpochSecond(0, clock.wallNanos());
  }
}
