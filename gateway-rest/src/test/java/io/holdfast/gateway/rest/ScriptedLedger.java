package io.holdfast.gateway.rest;

import io.holdfast.client.LedgerAccess;
import io.holdfast.client.SiteStatus;
import io.holdfast.kernel.HoldfastException;
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
import io.holdfast.ledger.TransferStatus;
import io.holdfast.ledger.TransferWithDetails;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A ledger that does as it is told: says {@code created} to everything unless a test scripts
 * something else, and remembers what it was asked.
 */
final class ScriptedLedger implements LedgerAccess {
  final List<Request> submitted = new CopyOnWriteArrayList<>();
  final List<Object> asked = new CopyOnWriteArrayList<>();
  final AtomicLong op = new AtomicLong();
  volatile boolean remembers = true;
  volatile Function<Request, CompletableFuture<Reply>> onSubmit =
      request -> CompletableFuture.completedFuture(created(request));
  volatile Function<Object, CompletableFuture<?>> onRead = question -> null;
  volatile Duration lastDeadline = Duration.ZERO;

  /** A reply that says {@code created} to each event. */
  Reply created(Request request) {
    byte[] results = new byte[request.eventCount() * Reply.RESULT_BYTES];
    MemorySegment segment = MemorySegment.ofArray(results);
    for (int i = 0; i < request.eventCount(); i++) {
      long at = (long) i * Reply.RESULT_BYTES;
      segment.set(ValueLayout.JAVA_LONG_UNALIGNED, at, 1_700_000_000_000_000_000L + i);
      segment.set(ValueLayout.JAVA_INT_UNALIGNED, at + 8, TransferStatus.CREATED.code());
    }
    return new Reply(op.incrementAndGet(), results);
  }

  static <T> CompletableFuture<T> failed(String code, String message) {
    return CompletableFuture.failedFuture(new HoldfastException(code, message, ""));
  }

  @Override
  public CompletableFuture<Reply> submit(Request request, Duration deadline) {
    lastDeadline = deadline;
    if (remembers) {
      submitted.add(request);
    }
    return onSubmit.apply(request);
  }

  @Override
  public CompletableFuture<Answer<List<Account>>> accounts(
      List<UInt128> ids, Consistency consistency) {
    List<Account> found = new ArrayList<>();
    for (UInt128 id : ids) {
      if (id.lo() < 1_000) {
        found.add(Account.opening(id, 1, 10, 2));
      }
    }
    return read(ids, found, consistency);
  }

  @Override
  public CompletableFuture<Answer<List<TransferWithDetails>>> transfers(
      List<UInt128> ids, Consistency consistency) {
    List<TransferWithDetails> found = new ArrayList<>();
    for (UInt128 id : ids) {
      if (id.lo() < 1_000) {
        Transfer transfer = Transfer.payment(id, UInt128.of(1), UInt128.of(2), 1250, 1, 10);
        found.add(new TransferWithDetails(transfer, new byte[] {1, 2, 3}));
      }
    }
    return read(ids, found, consistency);
  }

  @Override
  public CompletableFuture<Answer<Page<Account>>> accounts(
      AccountFilter filter, Consistency consistency) {
    return read(
        filter, new Page<>(List.of(Account.opening(UInt128.of(7), 1, 10, 0)), 99), consistency);
  }

  @Override
  public CompletableFuture<Answer<Page<Transfer>>> transfersOf(
      UInt128 accountId, HistoryFilter filter, Consistency consistency) {
    Transfer transfer = Transfer.payment(UInt128.of(5), accountId, UInt128.of(2), 1250, 1, 10);
    return read(filter, new Page<>(List.of(transfer), 0), consistency);
  }

  @Override
  public CompletableFuture<Answer<Page<Balance>>> balancesOf(
      UInt128 accountId, HistoryFilter filter, Consistency consistency) {
    UInt128 zero = UInt128.ZERO;
    Balance balance =
        new Balance(17, UInt128.of(5), false, zero, UInt128.of(1250), zero, UInt128.MAX);
    return read(filter, new Page<>(List.of(balance), 0), consistency);
  }

  @Override
  public CompletableFuture<Answer<Page<Transfer>>> transfers(
      TransferFilter filter, Consistency consistency) {
    Transfer transfer = Transfer.payment(UInt128.of(6), UInt128.of(1), UInt128.of(2), 1250, 1, 10);
    return read(filter, new Page<>(List.of(transfer), 77), consistency);
  }

  @Override
  public CompletableFuture<Answer<Optional<Balance>>> balanceAt(
      UInt128 accountId, long timestamp, Consistency consistency) {
    UInt128 zero = UInt128.ZERO;
    Balance balance = new Balance(17, UInt128.of(5), false, zero, UInt128.of(1250), zero, zero);
    if (timestamp > 1_000 && timestamp != Long.MAX_VALUE) {
      return CompletableFuture.failedFuture(
          new HoldfastException("time-to-come", "at is ahead; allowed: up to 1000", "wait"));
    }
    Optional<Balance> found =
        accountId.lo() < 1_000 && timestamp > 10 ? Optional.of(balance) : Optional.empty();
    return read(timestamp, found, consistency);
  }

  @Override
  public CompletableFuture<Answer<Optional<Holds>>> holdsOf(
      UInt128 accountId, int limit, long after, Consistency consistency) {
    Transfer hold = Transfer.payment(UInt128.of(8), accountId, UInt128.of(2), 400, 1, 10);
    Holds holds = new Holds(Account.opening(accountId, 1, 10, 0), new Page<>(List.of(hold), 55));
    Optional<Holds> found = accountId.lo() < 1_000 ? Optional.of(holds) : Optional.empty();
    return read(List.of(limit, after), found, consistency);
  }

  @Override
  public CompletableFuture<SiteStatus> status() {
    CompletableFuture<SiteStatus> scripted = scripted("status");
    return scripted != null
        ? scripted
        : CompletableFuture.completedFuture(
            new SiteStatus(
                "0123456789abcdef0123456789abcdef",
                "north",
                "n1",
                "0.1.0",
                "n2",
                3,
                op.get(),
                5,
                2,
                List.of(
                    new SiteStatus.Member("n1", "127.0.0.1:7401", "follower", 8, 1, -2, 0),
                    new SiteStatus.Member("n2", "127.0.0.1:7402", "leader", 9, 0, 0, 12)),
                List.of("the clock of node \"n3\" is 2 s off")));
  }

  private <T> CompletableFuture<Answer<T>> read(Object question, T value, Consistency consistency) {
    asked.add(question);
    CompletableFuture<Answer<T>> scripted = scripted(question);
    if (scripted != null) {
      return scripted;
    }
    boolean stale = consistency == Consistency.STALE_OK;
    return CompletableFuture.completedFuture(
        new Answer<>(value, 12, stale ? 3 : 0, stale ? 250 : 0));
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // null: nothing scripted
  private <T> CompletableFuture<T> scripted(Object question) {
    return (CompletableFuture<T>) onRead.apply(question);
  }
}
