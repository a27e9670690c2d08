package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What became of the accounts of a ledger from an earlier moment to a later one. Both are read page
 * by page, side by side, in the order in which accounts were opened: what it takes in memory is two
 * pages and a count for each account that was moved.
 */
public final class Differences {
  private final Queries then;
  private final Queries now;

  public Differences(Queries then, Queries now) {
    this.then = then;
    this.now = now;
  }

  /**
   * The time after which all transfers of the later moment are that the earlier one lacks: that of
   * its newest transfer. Imported ones may be older than other things that happened, but never than
   * a transfer before them.
   */
  public static long newestTransferNanos(Queries then) {
    List<Transfer> newest = then.transfers(TransferFilter.newest(1)).rows();
    return newest.isEmpty() ? 0 : newest.getFirst().timestamp();
  }

  /** Gives all transfers after a time, the oldest first. */
  public static void transfersAfter(Queries now, long nanos, Consumer<Transfer> each) {
    long after = 0;
    do {
      Page<Transfer> page =
          now.transfers(
              new TransferFilter(
                  nanos + 1,
                  Long.MAX_VALUE,
                  null,
                  null,
                  null,
                  null,
                  null,
                  false,
                  Limits.PAGE_ROWS_MAX,
                  after));
      page.rows().forEach(each);
      after = page.next();
    } while (after != 0);
  }

  /** Gives every account of the later moment, in the order in which they were opened. */
  public void forEach(Consumer<AccountDifference> each) {
    TransferCounts counts = counts();
    AccountPages earlier = new AccountPages(then);
    AccountPages later = new AccountPages(now);
    Account old = earlier.next();
    for (Account account = later.next(); account != null; account = later.next()) {
      boolean same = old != null && old.timestamp() == account.timestamp();
      if (old != null
          && (same ? !old.id().equals(account.id()) : old.timestamp() < account.timestamp())) {
        throw differs(old);
      }
      each.accept(new AccountDifference(same ? old : null, account, counts.of(account.id())));
      old = same ? earlier.next() : old;
    }
    if (old != null) {
      throw differs(old);
    }
  }

  /** Gives those of these accounts that the later moment has, in the order asked. */
  public void forEach(List<UInt128> ids, Consumer<AccountDifference> each) {
    TransferCounts counts = counts();
    Map<UInt128, Account> earlier = new HashMap<>();
    then.accounts(ids).forEach(account -> earlier.put(account.id(), account));
    for (Account account : now.accounts(ids)) {
      each.accept(
          new AccountDifference(earlier.get(account.id()), account, counts.of(account.id())));
    }
  }

  private TransferCounts counts() {
    TransferCounts counts = new TransferCounts();
    transfersAfter(
        now,
        newestTransferNanos(then),
        transfer -> {
          counts.add(transfer.debitAccountId());
          counts.add(transfer.creditAccountId());
        });
    return counts;
  }

  private static HoldfastException differs(Account missing) {
    return new HoldfastException(
        "moments-differ",
        "account "
            + missing.id().toId()
            + " is in the earlier moment and not in the later one, so they are of different"
            + " histories",
        "compare a moment with the ledger that its journal is of");
  }
}
