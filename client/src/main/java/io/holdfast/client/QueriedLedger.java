package io.holdfast.client;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Holds;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import io.holdfast.ledger.TransferWithDetails;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A way to a ledger in this process: each read is a query of its state. */
public abstract class QueriedLedger implements LedgerAccess {
  /** Asks the state, which is as fresh as is wanted. */
  protected abstract <T> CompletableFuture<Answer<T>> read(
      Consistency consistency, Function<Queries, T> query);

  /** Up to when balances are known; it is asked after the state was read. */
  protected abstract long knownUntilNanos();

  @Override
  public final CompletableFuture<Answer<List<Account>>> accounts(
      List<UInt128> ids, Consistency consistency) {
    return read(consistency, queries -> queries.accounts(ids));
  }

  @Override
  public final CompletableFuture<Answer<List<TransferWithDetails>>> transfers(
      List<UInt128> ids, Consistency consistency) {
    return read(consistency, queries -> queries.transfersWithDetails(ids));
  }

  @Override
  public final CompletableFuture<Answer<Page<Account>>> accounts(
      AccountFilter filter, Consistency consistency) {
    return read(consistency, queries -> queries.accounts(filter));
  }

  @Override
  public final CompletableFuture<Answer<Page<Transfer>>> transfersOf(
      UInt128 accountId, HistoryFilter filter, Consistency consistency) {
    return read(consistency, queries -> queries.transfersOf(accountId, filter));
  }

  @Override
  public final CompletableFuture<Answer<Page<Balance>>> balancesOf(
      UInt128 accountId, HistoryFilter filter, Consistency consistency) {
    return read(consistency, queries -> queries.balancesOf(accountId, filter));
  }

  @Override
  public final CompletableFuture<Answer<Page<Transfer>>> transfers(
      TransferFilter filter, Consistency consistency) {
    return read(consistency, queries -> queries.transfers(filter));
  }

  @Override
  public final CompletableFuture<Answer<Optional<Balance>>> balanceAt(
      UInt128 accountId, long timestamp, Consistency consistency) {
    return read(consistency, queries -> queries.balanceAt(accountId, timestamp))
        .thenApply(
            answer -> {
              TimeToCome.check(timestamp, knownUntilNanos());
              return answer;
            });
  }

  @Override
  public final CompletableFuture<Answer<Optional<Holds>>> holdsOf(
      UInt128 accountId, int limit, long after, Consistency consistency) {
    return read(consistency, queries -> queries.holdsOf(accountId, limit, after));
  }
}
