package io.holdfast.cluster;

import io.holdfast.kernel.Limits;
import io.holdfast.ledger.Batch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * Requests that wait to be collected into a batch, in order, bounded by events and bytes. Safe for
 * use by many threads; one thread collects.
 *
 * <p>An entry of the log costs the same for one payment as for a hundred. So while a batch is on
 * its way the next one waits for more, until that batch is answered, or enough is there, or what
 * waits has waited for long: a busy site makes few large entries, a resting one answers at once.
 */
final class IngressQueue {
  /** So much is worth an entry of its own at any time. */
  private static final long RIPE_BYTES = 64 << 10;

  /** Nobody waits longer than this for company. */
  private static final long RIPE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final int eventsMax;
  private final long bytesMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private int events;
  private long bytes;

  IngressQueue(int eventsMax, long bytesMax) {
    this.eventsMax = eventsMax;
    this.bytesMax = bytesMax;
  }

  /** Takes the request, or refuses it with code {@code overloaded} when the queue is full. */
  void offer(Waiting request) {
    lock.lock();
    try {
      if (!queue.isEmpty()
          && (events + request.request().eventCount() > eventsMax
              || bytes + request.request().sizeBytes() > bytesMax)) {
        throw Refusals.overloaded(events, eventsMax);
      }
      boolean first = queue.isEmpty();
      boolean ripe = bytes >= RIPE_BYTES;
      queue.addLast(request);
      account(request, 1);
      if (first || ripe != bytes >= RIPE_BYTES) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts requests back at the front, in their order; they were taken before, so nothing is refused.
   */
  void putBack(List<Waiting> requests) {
    lock.lock();
    try {
      for (int i = requests.size() - 1; i >= 0; i--) {
        Waiting request = requests.get(i);
        if (!request.isDone()) {
          queue.addFirst(request);
          account(request, 1);
        }
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there is a batch to send, or the time is over; returns whether there is.
   *
   * @param inFlight batches on their way; {@link #wake} when there are fewer
   * @param inFlightMax with so many on their way, nothing is sent
   */
  boolean awaitRipe(IntSupplier inFlight, int inFlightMax, long millis)
      throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lock();
    try {
      while (true) {
        long now = System.nanoTime();
        long left = until - now;
        int underWay = inFlight.getAsInt();
        if (!queue.isEmpty() && underWay < inFlightMax) {
          long ripens = queue.getFirst().sinceNanos() + RIPE_NANOS - now;
          if (underWay == 0 || bytes >= RIPE_BYTES || ripens <= 0) {
            return true;
          }
          left = Math.min(left, ripens);
        }
        if (until - now <= 0) {
          return false;
        }
        changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A batch was answered: whoever waits to send the next looks again. */
  void wake() {
    lock.lock();
    try {
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes whatever waits, up to what fits a batch; what no client may send travels alone. */
  List<Waiting> collect() {
    List<Waiting> batch = new ArrayList<>();
    int batchEvents = 0;
    int batchBytes = Batch.HEADER_BYTES;
    lock.lock();
    try {
      for (Waiting next; (next = queue.peekFirst()) != null; ) {
        int nextEvents = next.request().eventCount();
        int nextBytes = Batch.sealedInBatch(next.request());
        boolean alone = !next.request().kind().ofClients();
        if (!batch.isEmpty()
            && (alone
                || batchEvents + nextEvents > Limits.BATCH_EVENTS_MAX
                || batchBytes + nextBytes > Limits.BATCH_BYTES_MAX)) {
          break;
        }
        queue.pollFirst();
        account(next, -1);
        if (next.isDone()) {
          continue; // its deadline passed while it waited, or it was answered meanwhile
        }
        batch.add(next);
        batchEvents += nextEvents;
        batchBytes += nextBytes;
        if (alone) {
          break;
        }
      }
    } finally {
      lock.unlock();
    }
    return batch;
  }

  /** Events that wait. */
  int events() {
    lock.lock();
    try {
      return events;
    } finally {
      lock.unlock();
    }
  }

  private void account(Waiting request, int sign) {
    events += sign * Math.max(1, request.request().eventCount());
    bytes += (long) sign * request.request().sizeBytes();
  }
}
