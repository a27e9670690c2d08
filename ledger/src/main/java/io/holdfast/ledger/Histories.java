package io.holdfast.ledger;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * An account's movements and balances, as far as they are in memory. The chain of an account's
 * movements leads from the newest to the oldest; asked for the oldest first, the walk goes all the
 * way back and keeps only as many rows as the answer may have.
 */
final class Histories {
  private final AccountStore accounts;
  private final TransferStore transfers;

  Histories(AccountStore accounts, TransferStore transfers) {
    this.accounts = accounts;
    this.transfers = transfers;
  }

  Recent<Transfer> transfersOf(int account, HistoryFilter filter) {
    Movements walk = new Movements(accounts, transfers, account);
    Rows<Transfer> rows = new Rows<>(filter);
    boolean more = walk.step();
    while (more && rows.mayWant(walk.timestamp())) {
      if (!walk.expiry() && filter.wants(walk.debit(), RecordStore.MEMORY, walk.at())) {
        rows.offer(walk.timestamp(), () -> TransferRecord.read(RecordStore.MEMORY, walk.at()));
      }
      more = walk.step();
    }
    return new Recent<>(account, rows.inOrder(), more || rows.full(), new RunningBalance());
  }

  Recent<Balance> balancesOf(int account, HistoryFilter filter) {
    Movements walk = new Movements(accounts, transfers, account);
    RunningBalance balance = RunningBalance.ofAccount(accounts.at(account));
    Rows<Balance> rows = new Rows<>(filter);
    boolean more = walk.step();
    while (more && rows.mayWant(walk.timestamp())) {
      if (filter.wants(walk.debit(), RecordStore.MEMORY, walk.at())) {
        rows.offer(walk.timestamp(), () -> walk.row(balance));
      }
      walk.undo(balance);
      more = walk.step();
    }
    return new Recent<>(account, rows.inOrder(), more || rows.full(), balance);
  }

  /** The row of the last movement at or before this time. */
  Recent<Balance> balanceAt(int account, long timestamp) {
    return balancesOf(account, HistoryFilter.lastUpTo(timestamp));
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
}
