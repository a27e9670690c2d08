package io.holdfast.client;

import io.holdfast.ledger.RequestKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent: accounts, transfers, and whole requests, each in order of arrival. Not
 * safe for use by many threads: the collector's lock guards it.
 */
final class WaitingQueues {
  private static final int QUEUES = 3;

  private final ArrayDeque<Waiting> accounts = new ArrayDeque<>();
  private final ArrayDeque<Waiting> transfers = new ArrayDeque<>();
  private final ArrayDeque<OutgoingRequest> requests = new ArrayDeque<>();
  private int events;
  private int turn;

  /** How many events wait. */
  int events() {
    return events;
  }

  void add(RequestKind kind, Waiting waiting) {
    (kind == RequestKind.CREATE_ACCOUNTS ? accounts : transfers).add(waiting);
    events += waiting.eventCount();
  }

  void add(OutgoingRequest request) {
    requests.add(request);
    events += request.request().eventCount();
  }

  /** Takes a request out again; false if it does not wait any more. */
  boolean remove(OutgoingRequest request) {
    boolean waited = requests.remove(request);
    if (waited) {
      events -= request.request().eventCount();
    }
    return waited;
  }

  /** Takes the next request, turn by turn of the three queues; null when nothing waits. */
  @Nullable Outgoing take() {
    for (int i = 0; i < QUEUES; i++) {
      turn = (turn + 1) % QUEUES;
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
      events -= next.request().eventCount();
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
    events -= batch.events();
    return batch;
  }

  /**
   * How long until the first event's deadline; {@link Long#MAX_VALUE} when no event waits. Whole
   * requests have alarms of their own.
   */
  long nanosToFirstDeadline(long now) {
    long left = Long.MAX_VALUE;
    for (Waiting head : heads()) {
      left = Math.min(left, head.deadline() - now);
    }
    return left;
  }

  private List<Waiting> heads() {
    List<Waiting> heads = new ArrayList<>(2);
    if (!accounts.isEmpty()) {
      heads.add(accounts.element());
    }
    if (!transfers.isEmpty()) {
      heads.add(transfers.element());
    }
    return heads;
  }

  /** Takes out the events whose deadline has passed. */
  List<Waiting> takeLate(long now) {
    if (nanosToFirstDeadline(now) > 0) {
      return List.of();
    }
    List<Waiting> late = new ArrayList<>();
    takeLate(accounts, now, late);
    takeLate(transfers, now, late);
    return late;
  }

  private void takeLate(ArrayDeque<Waiting> queue, long now, List<Waiting> late) {
    while (!queue.isEmpty() && now - queue.element().deadline() >= 0) {
      Waiting head = queue.remove();
      events -= head.eventCount();
      late.add(head);
    }
  }
}
