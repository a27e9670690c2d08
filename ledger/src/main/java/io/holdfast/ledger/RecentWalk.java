package io.holdfast.ledger;

import java.util.function.Function;

/**
 * The look through what a ledger has in memory of one account's history, which may be parted so
 * that nobody waits for all of it. It is of the moment it began at: later movements do not count.
 * Each part needs the ledger to stand still; between them it may go on, but when it forgets
 * something meanwhile, the walk is lost and another has to begin.
 */
public final class RecentWalk<T> {
  /** Movements looked at in one part, for nothing is applied meanwhile: some milliseconds. */
  public static final int PART = 65_536;

  /** What a part came to. */
  public enum State {
    /** There is more to look at. */
    UNDER_WAY,
    /** {@link #recent} has the answer. */
    DONE,
    /** The ledger has forgotten something since it began. */
    LOST
  }

  private final Runnable checkOpen;
  private final TransferStore transfers;
  private final int account;
  private final HistoryFilter filter;
  private final boolean expiries;
  private final Movements walk;
  private final RunningBalance balance;
  private final RecentRows<T> rows;
  private final Function<RecentWalk<T>, T> reader;
  private final long firstInMemory;
  private boolean begun;
  private boolean more;

  private RecentWalk(
      Runnable checkOpen,
      AccountStore accounts,
      TransferStore transfers,
      int account,
      HistoryFilter filter,
      boolean expiries,
      Function<RecentWalk<T>, T> reader) {
    this.checkOpen = checkOpen;
    this.transfers = transfers;
    this.account = account;
    this.filter = filter;
    this.expiries = expiries;
    this.walk = new Movements(accounts, transfers, account);
    this.balance = RunningBalance.ofAccount(accounts.at(account));
    this.rows = new RecentRows<>(filter);
    this.reader = reader;
    this.firstInMemory = transfers.firstInMemory();
  }

  static RecentWalk<Transfer> transfersOf(
      Runnable checkOpen,
      AccountStore accounts,
      TransferStore transfers,
      int account,
      HistoryFilter filter) {
    return new RecentWalk<>(
        checkOpen,
        accounts,
        transfers,
        account,
        filter,
        false,
        it -> TransferRecord.read(RecordStore.MEMORY, it.walk.at()));
  }

  static RecentWalk<Balance> balancesOf(
      Runnable checkOpen,
      AccountStore accounts,
      TransferStore transfers,
      int account,
      HistoryFilter filter) {
    return new RecentWalk<>(
        checkOpen, accounts, transfers, account, filter, true, it -> it.walk.row(it.balance));
  }

  /**
   * Goes on.
   *
   * @param movements how many to look at, at most
   */
  public State advance(int movements) {
    checkOpen.run();
    if (transfers.firstInMemory() != firstInMemory) {
      return State.LOST;
    }
    if (!begun) {
      begun = true;
      more = walk.step();
    }
    for (int i = 0; more && rows.mayWant(walk.timestamp()); i++) {
      if (i == movements) {
        return State.UNDER_WAY;
      }
      look();
      more = walk.step();
    }
    return State.DONE;
  }

  private void look() {
    boolean counts = expiries || !walk.expiry();
    if (counts && filter.wants(walk.debit(), RecordStore.MEMORY, walk.at())) {
      rows.offer(walk.timestamp(), () -> reader.apply(this));
    }
    if (expiries) {
      walk.undo(balance);
    }
  }

  /** The answer, once it is done. */
  public Recent<T> recent() {
    return new Recent<>(account, rows.inOrder(), more || rows.full(), balance);
  }
}
