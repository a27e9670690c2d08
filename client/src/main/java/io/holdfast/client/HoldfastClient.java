package io.holdfast.client;

import io.holdfast.client.Verdict.Reading;
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
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import io.holdfast.ledger.TransferWithDetails;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous client: it reaches a ledger through any of its gateways over HTTP.
 *
 * <p>Single accounts and transfers that wait are collected into one request, which never waits for
 * more; several requests are on their way at once, so there is no order between events whose
 * answers have not been awaited. A request that gets no answer goes to another gateway with the
 * same ids, which is safe because the ledger answers {@code exists}, until the deadline. Every
 * event has exactly one {@link Outcome}.
 *
 * <p>Safe for use by many threads. Callbacks run on virtual threads; one that blocks delays the
 * requests after its own, not others' answers.
 */
public final class HoldfastClient implements LedgerAccess, AutoCloseable {
  private static final byte[] NO_DETAILS = {};

  /** From so many ids on, accounts are looked up in the binary form. */
  private static final int BINARY_FROM_IDS = 32;

  private final long deadlineNanos;
  private final Transport transport;
  private final Exchanges exchanges;
  private final Collector collector;
  private final ReadGate reads;

  HoldfastClient(ClientOptions options) {
    this.deadlineNanos = options.deadline().toNanos();
    this.transport = new Transport(options.tls());
    AttemptTimeout timeout =
        new AttemptTimeout(
            options.attemptTimeout().toNanos(), ClientOptions.ATTEMPT_TIMEOUT_MAX.toNanos());
    this.exchanges = new Exchanges(transport, options.gateways(), timeout);
    this.collector =
        new Collector(exchanges, options.requestsInFlight(), options.waitingEventsMax());
    this.reads = new ReadGate(exchanges);
    collector.start();
  }

  /** A client for these gateways, with defaults for the rest. */
  public static HoldfastClient connect(String... gateways) {
    return builder().gateways(gateways).build();
  }

  public static HoldfastClientBuilder builder() {
    return new HoldfastClientBuilder();
  }

  /** Creates a transfer. It may not be {@code linked}: see {@link #chain}. */
  public CompletableFuture<Outcome> transfer(Transfer transfer) {
    return transfer(transfer, NO_DETAILS);
  }

  /**
   * @param details up to 4,096 bytes that are kept with the transfer and not looked into
   */
  public CompletableFuture<Outcome> transfer(Transfer transfer, byte[] details) {
    return transfer(transfer, details, false);
  }

  /**
   * @param patient whether the calling thread waits for room instead of being pushed back
   */
  CompletableFuture<Outcome> transfer(Transfer transfer, byte[] details, boolean patient) {
    HoldfastException fault = Events.linked(transfer.flags());
    fault = fault == null ? Events.fault(transfer) : fault;
    fault = fault == null ? Events.fault(details) : fault;
    return offer(
        RequestKind.CREATE_TRANSFERS,
        new WaitingEvent.OfTransfer(transfer, details, deadline()),
        fault,
        patient);
  }

  /** Creates an account. It may not be {@code linked}: put linked ones into one {@link Request}. */
  public CompletableFuture<Outcome> account(Account account) {
    return account(account, false);
  }

  CompletableFuture<Outcome> account(Account account, boolean patient) {
    HoldfastException fault = Events.linked(account.flags());
    fault = fault == null ? Events.fault(account) : fault;
    return offer(
        RequestKind.CREATE_ACCOUNTS,
        new WaitingEvent.OfAccount(account, deadline()),
        fault,
        patient);
  }

  /**
   * Creates transfers that succeed or fail together, in one request. The flag {@code linked} is set
   * here, on all but the last.
   *
   * @return an outcome for each, in order
   */
  public CompletableFuture<List<Outcome>> chain(List<Transfer> transfers) {
    List<Transfer> chained = Events.chained(transfers);
    WaitingChain waiting = new WaitingChain(chained, deadline());
    HoldfastException fault = Events.chainFault(chained);
    fault = fault == null ? collector.offer(RequestKind.CREATE_TRANSFERS, waiting, false) : fault;
    if (fault != null) {
      Outcome refused = Outcomes.of(fault);
      return CompletableFuture.completedFuture(
          Collections.nCopies(Math.max(1, transfers.size()), refused));
    }
    return waiting.outcomes();
  }

  private CompletableFuture<Outcome> offer(
      RequestKind kind, WaitingEvent event, @Nullable HoldfastException fault, boolean patient) {
    HoldfastException refusal = fault == null ? collector.offer(kind, event, patient) : fault;
    if (refusal != null) {
      event.fail(refusal);
    }
    return event;
  }

  @Override
  public CompletableFuture<Reply> submit(Request request, Duration deadline) {
    return submit(request, System.nanoTime() + deadline.toNanos(), false);
  }

  /** As {@link #submit(Request, Duration)}, within the deadline of all calls, waiting for room. */
  CompletableFuture<Reply> submitPatiently(Request request) {
    return submit(request, deadline(), true);
  }

  private CompletableFuture<Reply> submit(Request request, long deadline, boolean patient) {
    if (!request.kind().ofClients()) {
      return CompletableFuture.failedFuture(
          Events.malformed("kind", request.kind().name(), "accounts or transfers", ""));
    }
    return collector.offer(request, deadline, patient);
  }

  @Override
  public CompletableFuture<Answer<List<Account>>> accounts(
      List<UInt128> ids, Consistency consistency) {
    return ids.size() < BINARY_FROM_IDS
        ? read(
            () -> ReadCalls.lookupJson("accounts", ids, consistency),
            (headers, body) -> JsonReader.accounts(body))
        : read(
            () -> ReadCalls.lookupBinary("accounts", ids, consistency),
            BinaryAnswers.accounts(List.copyOf(ids)));
  }

  @Override
  public CompletableFuture<Answer<List<TransferWithDetails>>> transfers(
      List<UInt128> ids, Consistency consistency) {
    return read(
        () -> ReadCalls.lookupJson("transfers", ids, consistency),
        (headers, body) -> JsonReader.transfers(body));
  }

  /** As {@link #transfers}, without details, in the binary form: the cheap way for many. */
  public CompletableFuture<Answer<List<Transfer>>> transferRecords(
      List<UInt128> ids, Consistency consistency) {
    return read(
        () -> ReadCalls.lookupBinary("transfers", ids, consistency),
        BinaryAnswers.transfers(List.copyOf(ids)));
  }

  @Override
  public CompletableFuture<Answer<Page<Account>>> accounts(
      AccountFilter filter, Consistency consistency) {
    return read(
        () -> ReadCalls.accounts(filter, consistency),
        (headers, body) -> JsonReader.accountsPage(body));
  }

  @Override
  public CompletableFuture<Answer<Page<Transfer>>> transfersOf(
      UInt128 accountId, HistoryFilter filter, Consistency consistency) {
    return read(
        () -> ReadCalls.history("transfers", accountId, filter, consistency),
        (headers, body) -> JsonReader.transfersPage(body));
  }

  @Override
  public CompletableFuture<Answer<Page<Balance>>> balancesOf(
      UInt128 accountId, HistoryFilter filter, Consistency consistency) {
    return read(
        () -> ReadCalls.history("balances", accountId, filter, consistency),
        (headers, body) -> JsonReader.balancesPage(body));
  }

  @Override
  public CompletableFuture<Answer<Page<Transfer>>> transfers(
      TransferFilter filter, Consistency consistency) {
    return read(
        () -> ReadCalls.transfers(filter, consistency),
        (headers, body) -> JsonReader.transfersPage(body));
  }

  @Override
  public CompletableFuture<Answer<Optional<Balance>>> balanceAt(
      UInt128 accountId, long timestamp, Consistency consistency) {
    return read(
        () -> ReadCalls.balanceAt(accountId, timestamp, consistency),
        new OptionalReading<>(JsonReader::balance));
  }

  @Override
  public CompletableFuture<Answer<Optional<Holds>>> holdsOf(
      UInt128 accountId, int limit, long after, Consistency consistency) {
    return read(
        () -> ReadCalls.holds(accountId, limit, after, consistency),
        new OptionalReading<>(JsonReader::holds));
  }

  @Override
  public CompletableFuture<SiteStatus> status() {
    return read(() -> Call.get("/v1/status"), (headers, body) -> JsonReader.status(body));
  }

  private <T> CompletableFuture<T> read(Asking asking, Reading<T> reading) {
    try {
      return reads.send(asking.call(), reading, deadline());
    } catch (HoldfastException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private interface Asking {
    Call call();
  }

  private long deadline() {
    return System.nanoTime() + deadlineNanos;
  }

  /**
   * Takes nothing more, waits for the answers of what was handed in, at most until the deadline,
   * and ends the rest as unknown. Not to be called from a callback.
   */
  @Override
  public void close() {
    long end = deadline();
    collector.close(end);
    reads.close(end);
    exchanges.abandon();
    transport.close();
  }
}
