package io.holdfast.ledger;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * An account's movements and balances. The chain of an account's movements leads from the newest to
 * the oldest; asked for the oldest first, the walk goes all the way back and keeps only as many
 * rows as the answer may have.
 */
final class Histories {
  private final AccountStore accounts;
  private final TransferStore transfers;

  Histories(AccountStore accounts, TransferStore transfers) {
    this.accounts = accounts;
    this.transfers = transfers;
  }

  Page<Transfer> transfersOf(int account, HistoryFilter filter) {
    Movements walk = new Movements(accounts, transfers, account);
    Rows<Long> rows = new Rows<>(filter);
    while (walk.step() && rows.mayWant(walk.timestamp())) {
      if (!walk.expiry() && walk.matches(filter)) {
        rows.offer(walk.timestamp(), walk::position);
      }
    }
    Page<Long> positions = rows.page(transfers::timestamp);
    List<Transfer> read = new ArrayList<>(positions.rows().size());
    for (long position : positions.rows()) {
      read.add(TransferRecord.read(RecordStore.MEMORY, transfers.at(position)));
    }
    return new Page<>(read, positions.next());
  }

  Page<Balance> balancesOf(int account, HistoryFilter filter) {
    Movements walk = new Movements(accounts, transfers, account);
    RunningBalance balance = new RunningBalance(accounts, transfers, account);
    Rows<Balance> rows = new Rows<>(filter);
    while (walk.step() && rows.mayWant(walk.timestamp())) {
      if (walk.matches(filter)) {
        rows.offer(walk.timestamp(), () -> balance.after(walk));
      }
      balance.undo(walk);
    }
    return rows.page(Balance::timestamp);
  }

  /** Collects the rows of a page while a walk offers them from the newest to the oldest. */
  private static final class Rows<T> {
    private final HistoryFilter filter;
    private final Deque<T> kept = new ArrayDeque<>();

    Rows(HistoryFilter filter) {
      this.filter = filter;
    }

    /** Whether a row of this time or an older one may still be wanted. */
    boolean mayWant(long timestamp) {
      if (timestamp < filter.fromNanos()) {
        return false;
      }
      return filter.newestFirst()
          ? kept.size() <= filter.limit()
          : filter.after() == 0 || timestamp > filter.after();
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
    Page<T> page(ToLongFunction<T> timestampOf) {
      List<T> rows = new ArrayList<>(Math.min(kept.size(), filter.limit()));
      Iterator<T> inOrder = filter.newestFirst() ? kept.iterator() : kept.descendingIterator();
      while (inOrder.hasNext() && rows.size() < filter.limit()) {
        rows.add(inOrder.next());
      }
      long next = inOrder.hasNext() ? timestampOf.applyAsLong(rows.get(rows.size() - 1)) : 0;
      return new Page<>(rows, next);
    }
  }
}
