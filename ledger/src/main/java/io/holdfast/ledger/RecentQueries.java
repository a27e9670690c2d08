package io.holdfast.ledger;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Invariants;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers from what a ledger has in memory: all accounts and open reservations, and of transfers
 * the newest. Where older ones may be wanted, the methods called recent say what is missing.
 */
public final class RecentQueries implements Queries {
  private final AccountStore accounts;
  private final TransferStore transfers;
  private final Reservations reservations;
  private final Runnable checkOpen;

  RecentQueries(
      AccountStore accounts,
      TransferStore transfers,
      Reservations reservations,
      Runnable checkOpen) {
    this.accounts = accounts;
    this.transfers = transfers;
    this.reservations = reservations;
    this.checkOpen = checkOpen;
  }

  @Override
  public List<Account> accounts(List<UInt128> ids) {
    checkOpen.run();
    checkLimit("ids", ids.size(), Limits.LOOKUP_IDS_MAX);
    List<Account> found = new ArrayList<>(ids.size());
    for (UInt128 id : ids) {
      int position = accounts.find(id.hi(), id.lo());
      if (position != AccountStore.NOT_FOUND) {
        found.add(AccountRecord.read(RecordStore.MEMORY, accounts.at(position)));
      }
    }
    return found;
  }

  @Override
  public List<Transfer> transfers(List<UInt128> ids) {
    return transfersWithDetails(ids).stream().map(TransferWithDetails::transfer).toList();
  }

  @Override
  public List<TransferWithDetails> transfersWithDetails(List<UInt128> ids) {
    checkOpen.run();
    checkLimit("ids", ids.size(), Limits.LOOKUP_IDS_MAX);
    List<TransferWithDetails> found = new ArrayList<>(ids.size());
    for (UInt128 id : ids) {
      long transfer = transfers.findInMemory(id.hi(), id.lo());
      if (transfer != TransferStore.NOT_FOUND) {
        found.add(
            new TransferWithDetails(
                TransferRecord.read(RecordStore.MEMORY, transfers.at(transfer)),
                transfers.details(transfer),
                transfers.detailsSealed(transfer) ? DetailsForm.SEALED : DetailsForm.PLAIN));
      }
    }
    return found;
  }

  @Override
  public Optional<Holds> holdsOf(UInt128 accountId, int limit, long after) {
    return holdsOf(accountId, limit, after, null);
  }

  /**
   * The same, quicker far on.
   *
   * @param afterId the reservation made at {@code after}; null if it is not known
   */
  public Optional<Holds> holdsOf(
      UInt128 accountId, int limit, long after, @Nullable UInt128 afterId) {
    checkOpen.run();
    checkLimit("limit", limit, Limits.PAGE_ROWS_MAX);
    int account = accounts.find(accountId.hi(), accountId.lo());
    if (account == AccountStore.NOT_FOUND) {
      return Optional.empty();
    }
    return Optional.of(
        new Holds(
            AccountRecord.read(RecordStore.MEMORY, accounts.at(account)),
            reservations.page(account, limit, after, afterId)));
  }

  @Override
  public Page<Account> accounts(AccountFilter filter) {
    checkOpen.run();
    checkLimit("limit", filter.limit(), Limits.PAGE_ROWS_MAX);
    return AccountQueries.page(accounts, filter);
  }

  @Override
  public Page<Transfer> transfers(TransferFilter filter) {
    return recentTransfers(filter).page(filter);
  }

  @Override
  public Page<Transfer> transfersOf(UInt128 accountId, HistoryFilter filter) {
    return recentTransfersOf(accountId, filter)
        .map(RecentQueries::whole)
        .map(recent -> Page.of(recent.rows(), filter.limit(), Transfer::timestamp))
        .orElseGet(() -> new Page<>(List.of(), 0));
  }

  @Override
  public Page<Balance> balancesOf(UInt128 accountId, HistoryFilter filter) {
    return recentBalancesOf(accountId, filter)
        .map(RecentQueries::whole)
        .map(recent -> Page.of(recent.rows(), filter.limit(), Balance::timestamp))
        .orElseGet(() -> new Page<>(List.of(), 0));
  }

  @Override
  public Optional<Balance> balanceAt(UInt128 accountId, long timestamp) {
    return recentBalanceAt(accountId, timestamp)
        .map(RecentQueries::whole)
        .map(
            recent ->
                recent.rows().isEmpty()
                    ? recent.before().after(0, UInt128.ZERO, false)
                    : recent.rows().getFirst());
  }

  /** Of {@link #transfers(TransferFilter)}, what is in memory. */
  public RecentTransfers recentTransfers(TransferFilter filter) {
    checkOpen.run();
    checkLimit("limit", filter.limit(), Limits.PAGE_ROWS_MAX);
    return RecentTransfers.find(transfers, filter);
  }

  /** Of {@link #transfersOf}, what is in memory; empty when there is no such account. */
  public Optional<RecentWalk<Transfer>> recentTransfersOf(UInt128 accountId, HistoryFilter filter) {
    checkOpen.run();
    checkLimit("limit", filter.limit(), Limits.PAGE_ROWS_MAX);
    int account = accounts.find(accountId.hi(), accountId.lo());
    return account == AccountStore.NOT_FOUND
        ? Optional.empty()
        : Optional.of(RecentWalk.transfersOf(checkOpen, accounts, transfers, account, filter));
  }

  /** Of {@link #balancesOf}, what is in memory; empty when there is no such account. */
  public Optional<RecentWalk<Balance>> recentBalancesOf(UInt128 accountId, HistoryFilter filter) {
    checkOpen.run();
    checkLimit("limit", filter.limit(), Limits.PAGE_ROWS_MAX);
    int account = accounts.find(accountId.hi(), accountId.lo());
    return account == AccountStore.NOT_FOUND
        ? Optional.empty()
        : Optional.of(RecentWalk.balancesOf(checkOpen, accounts, transfers, account, filter));
  }

  /** Of {@link #balanceAt}, what is in memory; empty when there was no such account. */
  public Optional<RecentWalk<Balance>> recentBalanceAt(UInt128 accountId, long timestamp) {
    checkOpen.run();
    int account = accounts.find(accountId.hi(), accountId.lo());
    return account == AccountStore.NOT_FOUND || accounts.timestamp(account) > timestamp
        ? Optional.empty()
        : Optional.of(
            RecentWalk.balancesOf(
                checkOpen, accounts, transfers, account, HistoryFilter.lastUpTo(timestamp)));
  }

  private static <T> Recent<T> whole(RecentWalk<T> walk) {
    RecentWalk.State state = walk.advance(Integer.MAX_VALUE);
    Invariants.check(state == RecentWalk.State.DONE, "a walk in one part ends");
    return walk.recent();
  }

  private static void checkLimit(String field, int value, int most) {
    boolean counted = field.equals("limit");
    if (value > most || (counted && value < 1)) {
      throw new HoldfastException(
          "out-of-range",
          (counted ? "limit is " + value : value + " ids are asked for")
              + "; allowed: "
              + (counted ? "1 to " : "at most ")
              + most,
          "ask for the rest with a second call");
    }
  }
}
