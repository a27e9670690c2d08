package io.holdfast.client;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Asks the gateways in the background which of them lives and whose node leads, while the client is
 * in use: often while there is trouble or the leader is not known, else every second. A client at
 * rest asks nobody, nor does one with a single gateway.
 *
 * <p>Rounds are guarded by the probe itself; {@link #wake} is called with every request and takes
 * the guard only to begin.
 */
final class GatewayProbe {
  private static final Call LEADER = Call.get("/health/leader");
  private static final long OFTEN_NANOS = 50_000_000;
  private static final long SELDOM_NANOS = 1_000_000_000;
  private static final long REST_AFTER_NANOS = 5_000_000_000L;
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private final Transport transport;
  private final Gateways gateways;
  private final Set<Gateway> asked = new HashSet<>();
  private volatile boolean awake;
  private volatile long lastUse = System.nanoTime();
  private long pause = OFTEN_NANOS;
  private long lastRound = System.nanoTime() - OFTEN_NANOS;
  private @Nullable Future<?> next;

  GatewayProbe(Transport transport, Gateways gateways) {
    this.transport = transport;
    this.gateways = gateways;
  }

  /** The client is in use. */
  void wake() {
    lastUse = System.nanoTime();
    if (!awake) {
      hurry();
    }
  }

  /** Something changed for the worse: ask soon, and often until it is settled. */
  synchronized void hurry() {
    if (gateways.all().size() > 1 && (!awake || pause > OFTEN_NANOS)) {
      awake = true;
      pause = OFTEN_NANOS;
      roundAt(lastRound + OFTEN_NANOS);
    }
  }

  private synchronized void round() {
    long now = System.nanoTime();
    if (now - lastUse > REST_AFTER_NANOS) {
      awake = false;
      return;
    }
    lastRound = now;
    for (Gateway gateway : gateways.all()) {
      if (asked.add(gateway)) {
        ask(gateway);
      }
    }
    roundAt(now + pause);
    pause = gateways.unsettled() ? Math.min(2 * pause, SELDOM_NANOS) : SELDOM_NANOS;
  }

  private void roundAt(long nanoTime) {
    if (next != null) {
      next.cancel(false);
    }
    next = transport.at(nanoTime, this::round);
  }

  private void ask(Gateway gateway) {
    var _ =
        transport
            .send(LEADER, gateway, PATIENCE_NANOS)
            .response()
            .whenComplete(
                (answer, failure) -> {
                  if (answer != null) {
                    answered(gateway, answer.status() == 200);
                  } else {
                    failed(gateway, failure);
                  }
                });
  }

  private synchronized void answered(Gateway gateway, boolean leads) {
    asked.remove(gateway);
    gateway.lives(System.nanoTime());
    if (leads) {
      gateways.leads(gateway);
    } else {
      gateways.doesNotLead(gateway);
    }
  }

  private synchronized void failed(Gateway gateway, Throwable failure) {
    asked.remove(gateway);
    gateways.doesNotLead(gateway);
    if (Verdict.ofFailure(failure) instanceof Verdict.NotReached<?>) {
      gateway.failed(System.nanoTime());
    } else {
      gateway.slow();
    }
  }
}
