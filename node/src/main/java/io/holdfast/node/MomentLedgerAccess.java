package io.holdfast.node;

import io.holdfast.client.LedgerAccess;
import io.holdfast.client.SiteStatus;
import io.holdfast.client.TimeToCome;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Holds;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import io.holdfast.ledger.TransferWithDetails;
import io.holdfast.vault.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A ledger as it was at a past moment: it answers what a gateway asks, every answer is of that
 * moment, and it takes no writes.
 */
final class MomentLedgerAccess implements LedgerAccess {
  private static final String NAME = "preview";
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final Moment moment;

  MomentLedgerAccess(Moment moment) {
    this.moment = moment;
  }

  /** What all should know who look at it. */
  static String words(Moment moment) {
    Instant time =
        Instant.ofEpochSecond(moment.timeNanos() / SECOND_NANOS, moment.timeNanos() % SECOND_NANOS);
    return "this is a preview of op " + moment.op() + " at " + time + ", not the ledger of now";
  }

  @Override
  public CompletableFuture<Reply> submit(Request request, Duration deadline) {
    return CompletableFuture.failedFuture(
        new HoldfastException(
            "preview-read-only",
            words(moment) + "; it takes no writes",
            "send it to a gateway of the site"));
  }

  @Override
  public CompletableFuture<Answer<List<Account>>> accounts(
      List<UInt128> ids, Consistency consistency) {
    return read(queries -> queries.accounts(ids));
  }

  @Override
  public CompletableFuture<Answer<List<TransferWithDetails>>> transfers(
      List<UInt128> ids, Consistency consistency) {
    return read(queries -> queries.transfersWithDetails(ids));
  }

  @Override
  public CompletableFuture<Answer<Page<Account>>> accounts(
      AccountFilter filter, Consistency consistency) {
    return read(queries -> queries.accounts(filter));
  }

  @Override
  public CompletableFuture<Answer<Page<Transfer>>> transfers(
      TransferFilter filter, Consistency consistency) {
    return read(queries -> queries.transfers(filter));
  }

  @Override
  public CompletableFuture<Answer<Page<Transfer>>> transfersOf(
      UInt128 accountId, HistoryFilter filter, Consistency consistency) {
    return read(queries -> queries.transfersOf(accountId, filter));
  }

  @Override
  public CompletableFuture<Answer<Page<Balance>>> balancesOf(
      UInt128 accountId, HistoryFilter filter, Consistency consistency) {
    return read(queries -> queries.balancesOf(accountId, filter));
  }

  @Override
  public CompletableFuture<Answer<Optional<Balance>>> balanceAt(
      UInt128 accountId, long timestamp, Consistency consistency) {
    return read(
        queries -> {
          TimeToCome.check(timestamp, moment.timeNanos());
          return queries.balanceAt(accountId, timestamp);
        });
  }

  @Override
  public CompletableFuture<Answer<Optional<Holds>>> holdsOf(
      UInt128 accountId, int limit, long after, Consistency consistency) {
    return read(queries -> queries.holdsOf(accountId, limit, after));
  }

  @Override
  public CompletableFuture<SiteStatus> status() {
    return CompletableFuture.completedFuture(
        new SiteStatus(
            moment.ledgerId().toHex(),
            NAME,
            NAME,
            Version.text(),
            null,
            0,
            moment.op(),
            moment.transfers(),
            moment.accounts(),
            List.of(new SiteStatus.Member(NAME, "in-process", "follower", moment.op(), 0, 0, 0)),
            List.of(words(moment))));
  }

  private <T> CompletableFuture<Answer<T>> read(Function<Queries, T> query) {
    try {
      return CompletableFuture.completedFuture(
          new Answer<>(query.apply(moment.queries()), moment.op(), 0, 0));
    } catch (HoldfastException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
