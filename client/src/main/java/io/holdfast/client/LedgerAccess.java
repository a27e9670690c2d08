package io.holdfast.client;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Holds;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import io.holdfast.ledger.TransferWithDetails;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The way to a ledger, near or far: a node offers it in process to its gateways, {@link
 * HoldfastClient} offers it over HTTP to applications. Safe for use by many threads; nothing
 * blocks.
 *
 * <p>A future fails with a {@link io.holdfast.kernel.HoldfastException} whose code says what is
 * known:
 *
 * <ul>
 *   <li>{@code outcome-unknown}: the deadline passed; it may or may not have happened. Repeat with
 *       the same ids.
 *   <li>{@code no-leader}: not taken, no node leads at the moment.
 *   <li>{@code overloaded}: not taken, queues are full.
 *   <li>{@code unavailable}: a read could not be answered in time, or no gateway could be reached.
 * </ul>
 */
public interface LedgerAccess {
  /** Submits a request; the reply means that its results are on disk on a majority of nodes. */
  CompletableFuture<Reply> submit(Request request, Duration deadline);

  /** The accounts with these ids in the order asked; missing ones are absent. */
  CompletableFuture<Answer<List<Account>>> accounts(List<UInt128> ids, Consistency consistency);

  /** The transfers with these ids in the order asked; missing ones are absent. */
  CompletableFuture<Answer<List<TransferWithDetails>>> transfers(
      List<UInt128> ids, Consistency consistency);

  /** Accounts by filter. */
  CompletableFuture<Answer<Page<Account>>> accounts(AccountFilter filter, Consistency consistency);

  /** Transfers of all accounts, by filter. */
  CompletableFuture<Answer<Page<Transfer>>> transfers(
      TransferFilter filter, Consistency consistency);

  /** An account's transfers; none when there is no such account. */
  CompletableFuture<Answer<Page<Transfer>>> transfersOf(
      UInt128 accountId, HistoryFilter filter, Consistency consistency);

  /** An account's balances after each movement; none when there is no such account. */
  CompletableFuture<Answer<Page<Balance>>> balancesOf(
      UInt128 accountId, HistoryFilter filter, Consistency consistency);

  /**
   * An account's balances as they were at a time. Before its first movement all are zero, with 0 as
   * that movement's timestamp and id; empty when no such account was open then. A time to come is
   * refused with {@code time-to-come}, for what will be is not known.
   *
   * @param timestamp nanoseconds since the epoch; {@link Long#MAX_VALUE} for now
   */
  CompletableFuture<Answer<Optional<Balance>>> balanceAt(
      UInt128 accountId, long timestamp, Consistency consistency);

  /**
   * An account and the open reservations on it, from one moment; empty when there is no such
   * account. Each page is of its own moment.
   *
   * @param limit reservations in the answer, 1 to {@link io.holdfast.kernel.Limits#PAGE_ROWS_MAX}
   * @param after continuation: what the last page named; 0 to begin
   */
  CompletableFuture<Answer<Optional<Holds>>> holdsOf(
      UInt128 accountId, int limit, long after, Consistency consistency);

  /** What this node, or the node behind the nearest gateway, knows of itself and its site. */
  CompletableFuture<SiteStatus> status();

  /** How fresh a read has to be. */
  enum Consistency {
    /** Sees every acknowledged write. */
    LINEARIZABLE,
    /** The node's own state, with its lag stated. */
    STALE_OK
  }

  /**
   * What was read, with the op it is from.
   *
   * @param lagOps how many ops the node may be behind; 0 for a linearizable read
   * @param lagMillis how long ago the node last knew that it was up to date; 0 for a linearizable
   *     read
   */
  record Answer<T>(T value, long op, long lagOps, long lagMillis) {}
}
