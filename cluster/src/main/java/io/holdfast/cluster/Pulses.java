package io.holdfast.cluster;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Pulses that release expired reservations: one at a time, when the next expiry has come. */
final class Pulses {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final long boot;
  private final Replica replica;
  private final SiteClock clock;
  private final Answers answers;
  private final AtomicReference<@Nullable Waiting> last = new AtomicReference<>();

  Pulses(long boot, Replica replica, SiteClock clock, Answers answers) {
    this.boot = boot;
    this.replica = replica;
    this.clock = clock;
    this.answers = answers;
  }

  /** The pulse that is to be proposed now; null when none is. */
  @Nullable Waiting due() {
    Waiting earlier = last.get();
    if ((earlier != null && !earlier.isDone())
        || replica.position().nextExpiryNanos() > clock.now()) {
      return null;
    }
    Waiting next =
        new Waiting(
            new Waiting.Origin(boot, -System.nanoTime()),
            Ingress.pulseRequest(),
            System.nanoTime() + PATIENCE_NANOS);
    answers.expect(next);
    last.set(next);
    return next;
  }
}
