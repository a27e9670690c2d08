package io.holdfast.client;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.RequestKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
  private final ArrayDeque<Waiting> accounts = new ArrayDeque<>();
  private final ArrayDeque<Waiting> transfers = new ArrayDeque<>();
  private final ArrayDeque<OutgoingRequest> requests = new ArrayDeque<>();
  private int waitingEvents;
  private int inFlight;
  private int turn;
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

  /** Adds events; returns why not, or null when they were taken. */
  @Nullable HoldfastException offer(RequestKind kind, Waiting waiting) {
    lock.lock();
    try {
      HoldfastException refusal = refusal(waiting.eventCount());
      if (refusal == null) {
        (kind == RequestKind.CREATE_ACCOUNTS ? accounts : transfers).add(waiting);
        taken(waiting.eventCount());
      }
      return refusal;
    } finally {
      lock.unlock();
    }
  }

  /** Adds a whole request; its reply fails if it is not taken. */
  CompletableFuture<Reply> offer(Request request, long deadline) {
    OutgoingRequest outgoing = new OutgoingRequest(request, deadline, new CompletableFuture<>());
    HoldfastException refusal;
    lock.lock();
    try {
      refusal = refusal(request.eventCount());
      if (refusal == null) {
        requests.add(outgoing);
        taken(request.eventCount());
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

  /** Waits until so many events fit, at most until the deadline. */
  void awaitRoom(int events, long deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = deadline - System.nanoTime();
      while (!closed && waitingEvents + events > waitingEventsMax && left > 0) {
        left = room.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable HoldfastException refusal(int events) {
    if (closed) {
      return new HoldfastException("closed", "the client is closed", "build another one");
    }
    if (waitingEvents + events > waitingEventsMax) {
      return new HoldfastException(
          "overloaded",
          waitingEvents + " events wait to be sent; allowed are " + waitingEventsMax,
          "wait for answers before sending more");
    }
    return null;
  }

  private void taken(int events) {
    waitingEvents += events;
    if (inFlight < requestsInFlight) {
      work.signal();
    }
  }

  /** Tells the caller of a request that it was not sent in time, if it still waits. */
  private void withdraw(OutgoingRequest outgoing) {
    boolean waited;
    lock.lock();
    try {
      waited = requests.remove(outgoing);
      if (waited) {
        left(outgoing.request().eventCount());
      }
    } finally {
      lock.unlock();
    }
    if (waited) {
      exchanges.transport().run(() -> outgoing.failed(notSent()));
    }
  }

  private void left(int events) {
    waitingEvents -= events;
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
    List<Waiting> late = new ArrayList<>();
    boolean going = true;
    while (going) {
      Outgoing next = null;
      lock.lock();
      try {
        awaitWork();
        dropLate(accounts, late);
        dropLate(transfers, late);
        if (inFlight < requestsInFlight) {
          next = take();
        }
        if (next != null) {
          inFlight++;
        }
        going = !stopped;
      } finally {
        lock.unlock();
      }
      if (!late.isEmpty()) {
        List<Waiting> told = List.copyOf(late);
        exchanges.transport().run(() -> told.forEach(waiting -> waiting.fail(notSent())));
        late.clear();
      }
      if (next != null) {
        send(next);
      }
    }
  }

  /** Waits until something can be sent, or someone who waits has to be told that it is too late. */
  @SuppressWarnings("WaitNotInLoop") // the loop is the caller's, who looks at everything anew
  private void awaitWork() {
    boolean idle = waitingEvents == 0 || inFlight == requestsInFlight;
    if (!idle || stopped) {
      return;
    }
    Waiting first = accounts.peek();
    Waiting second = transfers.peek();
    long now = System.nanoTime();
    long left = Long.MAX_VALUE;
    if (first != null) {
      left = first.deadline() - now;
    }
    if (second != null) {
      left = Math.min(left, second.deadline() - now);
    }
    try {
      if (left == Long.MAX_VALUE) {
        work.await();
      } else {
        work.await(left, TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      stopped = true; // nobody interrupts this thread but a JVM that ends
    }
  }

  private void dropLate(ArrayDeque<Waiting> queue, List<Waiting> late) {
    long now = System.nanoTime();
    for (Waiting head = queue.peek();
        head != null && now - head.deadline() >= 0;
        head = queue.peek()) {
      late.add(queue.remove());
      left(head.eventCount());
    }
  }

  /** Takes the next request, turn by turn of the three queues; null when nothing waits. */
  private @Nullable Outgoing take() {
    for (int i = 0; i < 3; i++) {
      turn = (turn + 1) % 3;
      Outgoing next =
          switch (turn) {
            case 0 -> collect(RequestKind.CREATE_ACCOUNTS, accounts);
            case 1 -> collect(RequestKind.CREATE_TRANSFERS, transfers);
            default -> takeRequest();
          };
      if (next != null) {
        return next;
      }
    }
    return null;
  }

  private @Nullable Outgoing takeRequest() {
    OutgoingRequest next = requests.poll();
    if (next != null) {
      left(next.request().eventCount());
    }
    return next;
  }

  private @Nullable Outgoing collect(RequestKind kind, ArrayDeque<Waiting> queue) {
    Waiting first = queue.poll();
    if (first == null) {
      return null;
    }
    OutgoingBatch batch = new OutgoingBatch(kind, first);
    for (Waiting next = queue.peek();
        next != null && batch.addIfItFits(next);
        next = queue.peek()) {
      queue.remove();
    }
    left(batch.events());
    return batch;
  }

  private void send(Outgoing outgoing) {
    try {
      Request request = outgoing.request();
      if (outgoing instanceof OutgoingBatch batch) {
        batch.watch(exchanges.transport());
      }
      var _ =
          exchanges
              .of(
                  Call.write(Replies.path(request.kind()), request.bytes()),
                  Replies.to(request),
                  outgoing.deadline())
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
    lock.lock();
    try {
      closed = true;
      room.signalAll();
      long left = end + CLOSE_GRACE_NANOS - System.nanoTime();
      while (left > 0 && (waitingEvents > 0 || inFlight > 0)) {
        left = calm.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stopped = true;
      work.signalAll();
      lock.unlock();
    }
    try {
      sender.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    failRest();
  }

  /** Those with deadlines of their own that nobody waited for; nothing is added any more. */
  private void failRest() {
    List<OutgoingRequest> rest;
    List<Waiting> events = new ArrayList<>();
    lock.lock();
    try {
      rest = List.copyOf(requests);
      requests.clear();
      events.addAll(accounts);
      events.addAll(transfers);
      accounts.clear();
      transfers.clear();
    } finally {
      lock.unlock();
    }
    rest.forEach(request -> request.failed(notSent()));
    events.forEach(waiting -> waiting.fail(notSent()));
  }
}
