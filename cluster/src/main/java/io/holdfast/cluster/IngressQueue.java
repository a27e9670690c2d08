package io.holdfast.cluster;

import io.holdfast.kernel.Limits;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.RequestKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests that wait to be collected into a batch, in order, bounded by events and bytes. Safe for
 * use by many threads; one thread collects.
 */
final class IngressQueue {
  private final int eventsMax;
  private final long bytesMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
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
      queue.addLast(request);
      account(request, 1);
      arrived.signal();
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
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something is there, or the time is over; returns whether something is there. */
  boolean await(long millis) throws InterruptedException {
    long left = TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lock();
    try {
      while (queue.isEmpty() && left > 0) {
        left = arrived.awaitNanos(left);
      }
      return !queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Takes whatever waits, up to what fits a batch; a pulse travels alone. */
  List<Waiting> collect() {
    List<Waiting> batch = new ArrayList<>();
    int batchEvents = 0;
    int batchBytes = Batch.HEADER_BYTES;
    lock.lock();
    try {
      for (Waiting next; (next = queue.peekFirst()) != null; ) {
        int nextEvents = next.request().eventCount();
        int nextBytes = Batch.sizeInBatch(next.request());
        boolean pulse = next.request().kind() == RequestKind.PULSE;
        if (!batch.isEmpty()
            && (pulse
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
        if (pulse) {
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
