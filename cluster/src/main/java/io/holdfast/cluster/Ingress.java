package io.holdfast.cluster;

import io.holdfast.ledger.Request;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one way in: a thread that collects whatever requests wait into a batch and hands it to
 * whoever leads: in process when this node does, by one call otherwise. While nobody leads,
 * requests wait in the queue. It also proposes the pulse when an expiry is due.
 */
final class Ingress implements AutoCloseable {
  /** How often the thread looks up when nothing happens. */
  private static final long IDLE_MILLIS = 20;

  private final IngressQueue queue;
  private final Leadership leadership;
  private final LocalSubmission local;
  private final RemoteSubmission remote;
  private final BooleanSupplier clockTrusted;
  private final Pulse pulse;
  private final Thread thread;
  private volatile boolean paused;
  private volatile boolean running = true;

  Ingress(
      IngressQueue queue,
      Leadership leadership,
      LocalSubmission local,
      RemoteSubmission remote,
      BooleanSupplier clockTrusted,
      Pulse pulse,
      Fatal fatal) {
    this.queue = queue;
    this.leadership = leadership;
    this.local = local;
    this.remote = remote;
    this.clockTrusted = clockTrusted;
    this.pulse = pulse;
    this.thread =
        Thread.ofPlatform()
            .name("holdfast-ingress")
            .daemon()
            .unstarted(() -> fatal.guard("ingress", this::run));
  }

  /** Proposes the release of what has expired; internal, so it waits for no caller. */
  interface Pulse {
    /** The request to submit now, or null when nothing is due. */
    @Nullable Waiting due();
  }

  static Request pulseRequest() {
    return Request.pulse();
  }

  void start() {
    thread.start();
  }

  /** Stops handing requests on; they wait. */
  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
    leadership.signal();
  }

  private void run() {
    try {
      while (running) {
        step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void step() throws InterruptedException {
    String leader = leadership.leader();
    remote.abandonUnless(leader);
    boolean leads = leadership.leadsReady() && clockTrusted.getAsBoolean();
    if (leads && !paused) {
      Waiting due = pulse.due();
      if (due != null) {
        queue.putBack(List.of(due));
      }
    }
    boolean sent;
    if (leads && !paused) {
      if (!queue.awaitRipe(local::inFlight, local.batchesMax(), IDLE_MILLIS) || paused) {
        return;
      }
      sent = local.tryAcquire() && local.submit(queue.collect());
    } else if (leader != null && !leader.equals(leadership.self()) && !paused) {
      if (!queue.awaitRipe(remote::inFlight, RemoteSubmission.CALLS_MAX, IDLE_MILLIS) || paused) {
        return;
      }
      sent = remote.tryAcquire() && remote.submit(leader, queue.collect());
    } else {
      leadership.awaitChange(IDLE_MILLIS);
      return;
    }
    if (!sent) {
      leadership.awaitChange(2);
    }
  }

  @Override
  public void close() {
    running = false;
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
