package io.holdfast.ledger;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * The rows of a page, collected while a walk offers them from the newest to the oldest. Asked for
 * the oldest first, the walk goes all the way back and only as many rows are kept as the answer may
 * have.
 */
final class RecentRows<T> {
  private final HistoryFilter filter;
  private final Deque<T> kept = new ArrayDeque<>();

  RecentRows(HistoryFilter filter) {
    this.filter = filter;
  }

  /** Whether a row of this time or an older one may still be wanted. */
  boolean mayWant(long timestamp) {
    if (timestamp < filter.fromNanos()) {
      return false;
    }
    return filter.newestFirst() ? !full() : filter.after() == 0 || timestamp > filter.after();
  }

  /** Whether nothing older than what was kept is wanted. */
  boolean full() {
    return filter.newestFirst() && kept.size() > filter.limit();
  }

  void offer(long timestamp, Supplier<T> row) {
    if (timestamp > filter.toNanos()
        || (filter.newestFirst() && filter.after() != 0 && timestamp >= filter.after())) {
      return;
    }
    kept.addLast(row.get());
    if (!filter.newestFirst() && kept.size() > filter.limit() + 1) {
      kept.removeFirst();
    }
  }

  /** One row more than the limit was kept, to know whether the answer goes on. */
  List<T> inOrder() {
    List<T> rows = new ArrayList<>(kept);
    return filter.newestFirst() ? rows : rows.reversed();
  }
}
