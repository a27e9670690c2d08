package io.holdfast.client;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.RequestKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Collects whatever is waiting into requests and keeps a bounded number of them in flight. It never
 * waits for more to come: while all places are taken, what arrives makes the next request larger.
 *
 * <p>Callers of any thread add under the lock; one thread of its own takes, encodes and sends. A
 * place in flight is free again only after all callers of its request have their answers, so that
 * what they send next goes together.
 */
final class Collector {
  /** What is told at the deadline itself still needs a moment to be told. */
  private static final long CLOSE_GRACE_NANOS = 100_000_000;

  private final Exchanges exchanges;
  private final int requestsInFlight;
  private final int waitingEventsMax;
  private final Thread sender = Transport.daemon(this::sendAll, "holdfast-client-sender");

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final Condition calm = lock.newCondition();
  private final WaitingQueues queues = new WaitingQueues();
  private int inFlight;
  private boolean closed;
  private boolean stopped;

  Collector(Exchanges exchanges, int requestsInFlight, int waitingEventsMax) {
    this.exchanges = exchanges;
    this.requestsInFlight = requestsInFlight;
    this.waitingEventsMax = waitingEventsMax;
  }

  void start() {
    sender.start();
  }

  /**
   * Adds events, if patient waiting for room until their deadline; returns why not, or null when
   * they were taken.
   */
  @Nullable HoldfastException offer(RequestKind kind, Waiting waiting, boolean patient) {
    lock.lock();
    try {
      HoldfastException refusal = refusal(waiting.eventCount(), waiting.deadline(), patient);
      if (refusal == null) {
        queues.add(kind, waiting);
        taken();
      }
      return refusal;
    } finally {
      lock.unlock();
    }
  }

  /** Adds a whole request; its reply fails if it is not taken. */
  CompletableFuture<Reply> offer(Request request, long deadline, boolean patient) {
    OutgoingRequest outgoing = new OutgoingRequest(request, deadline, new CompletableFuture<>());
    HoldfastException refusal;
    lock.lock();
    try {
      refusal = refusal(request.eventCount(), deadline, patient);
      if (refusal == null) {
        queues.add(outgoing);
        taken();
      }
    } finally {
      lock.unlock();
    }
    if (refusal != null) {
      outgoing.failed(refusal);
    } else {
      var alarm = exchanges.transport().at(deadline, () -> withdraw(outgoing));
      if (alarm != null) {
        var _ = outgoing.reply().whenComplete((reply, failure) -> alarm.cancel(false));
      }
    }
    return outgoing.reply();
  }

  private @Nullable HoldfastException refusal(int events, long deadline, boolean patient) {
    try {
      long left = deadline - System.nanoTime();
      while (patient && !closed && queues.events() + events > waitingEventsMax && left > 0) {
        left = room.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new HoldfastException(
          "unavailable", "the thread that waited to send it was interrupted", "", e);
    }
    if (closed) {
      return new HoldfastException("closed", "the client is closed", "build another one");
    }
    if (queues.events() + events > waitingEventsMax) {
      return new HoldfastException(
          "overloaded",
          queues.events() + " events wait to be sent; allowed are " + waitingEventsMax,
          "wait for answers before sending more");
    }
    return null;
  }

  private void taken() {
    if (inFlight < requestsInFlight) {
      work.signal();
    }
  }

  /** Tells the caller of a request that it was not sent in time, if it still waits. */
  private void withdraw(OutgoingRequest outgoing) {
    boolean waited;
    lock.lock();
    try {
      waited = queues.remove(outgoing);
      signalRoom();
    } finally {
      lock.unlock();
    }
    if (waited) {
      exchanges.transport().run(() -> outgoing.failed(notSent()));
    }
  }

  private void signalRoom() {
    room.signalAll();
    calm.signalAll();
  }

  private static HoldfastException notSent() {
    return new HoldfastException(
        "unavailable",
        "it waited until its deadline and was never sent: earlier requests got no answer in time",
        "it can be sent again");
  }

  private void sendAll() {
    boolean going = true;
    while (going) {
      Outgoing next = null;
      List<Waiting> late;
      lock.lock();
      try {
        awaitWork();
        late = queues.takeLate(System.nanoTime());
        if (inFlight < requestsInFlight) {
          next = queues.take();
        }
        if (next != null) {
          inFlight++;
        }
        signalRoom();
        going = !stopped;
      } finally {
        lock.unlock();
      }
      if (!late.isEmpty()) {
        exchanges.transport().run(() -> late.forEach(waiting -> waiting.fail(notSent())));
      }
      if (next != null) {
        send(next);
      }
    }
  }

  /** Waits until something can be sent, or someone who waits has to be told that it is too late. */
  private void awaitWork() {
    try {
      long left = queues.nanosToFirstDeadline(System.nanoTime());
      while (!stopped && left > 0 && (queues.events() == 0 || inFlight == requestsInFlight)) {
        if (left == Long.MAX_VALUE) {
          work.await();
        } else {
          var _ = work.awaitNanos(left);
        }
        left = queues.nanosToFirstDeadline(System.nanoTime());
      }
    } catch (InterruptedException e) {
      stopped = true; // nobody interrupts this thread but a JVM that ends
    }
  }

  private void send(Outgoing outgoing) {
    try {
      Request request = outgoing.request();
      if (outgoing instanceof OutgoingBatch batch) {
        batch.watch(exchanges.transport());
      }
      Call call = Call.write(Replies.path(request.kind()), request.bytes());
      var _ =
          exchanges
              .of(call, Replies.to(request), outgoing.deadline())
              .start()
              .whenComplete(
                  (reply, failure) ->
                      ended(
                          failure == null
                              ? () -> outgoing.answered(reply)
                              : () -> outgoing.failed(asEnd(failure))));
    } catch (RuntimeException | Error e) {
      ended(() -> outgoing.failed(asEnd(e)));
    }
  }

  private static HoldfastException asEnd(Throwable failure) {
    return failure instanceof HoldfastException end
        ? end
        : new HoldfastException(
            "outcome-unknown",
            "the client failed: " + failure,
            "repeat with the same ids",
            failure);
  }

  private void ended(Runnable telling) {
    try {
      telling.run();
    } finally {
      lock.lock();
      try {
        inFlight--;
        work.signal();
        calm.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Takes nothing more, waits until everyone has an answer, at most until the end, and stops. */
  void close(long end) {
    List<Outgoing> rest = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      room.signalAll();
      long left = end + CLOSE_GRACE_NANOS - System.nanoTime();
      while (left > 0 && (queues.events() > 0 || inFlight > 0)) {
        left = calm.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stopped = true;
      for (Outgoing next = queues.take(); next != null; next = queues.take()) {
        rest.add(next);
      }
      work.signalAll();
      lock.unlock();
    }
    rest.forEach(outgoing -> outgoing.failed(notSent()));
    try {
      sender.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
