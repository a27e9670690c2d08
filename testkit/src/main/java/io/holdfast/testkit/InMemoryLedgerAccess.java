package io.holdfast.testkit;

import io.holdfast.client.QueriedLedger;
import io.holdfast.client.SiteStatus;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A real {@link Ledger} in this process without a site around it: each request is a batch, applied
 * at once under one lock, and what the clock says has expired is released before anything else.
 * Futures are complete when they are returned.
 */
public final class InMemoryLedgerAccess extends QueriedLedger implements AutoCloseable {
  private static final String NODE = "n1";

  private final Lock lock = new ReentrantLock();
  private final Clock clock;
  private final Ledger ledger = new Ledger(1);
  private final Arena arena = Arena.ofShared();
  private final MemorySegment batch = arena.allocate(Limits.BATCH_BYTES_MAX, 8);
  private final MemorySegment results =
      arena.allocate((long) Limits.BATCH_EVENTS_MAX * Reply.RESULT_BYTES, 8);

  public InMemoryLedgerAccess(Clock clock) {
    this.clock = clock;
  }

  @Override
  public CompletableFuture<Reply> submit(Request request, Duration deadline) {
    return locked(
        () -> {
          apply(request);
          byte[] copy = new byte[request.eventCount() * Reply.RESULT_BYTES];
          MemorySegment.copy(results, ValueLayout.JAVA_BYTE, 0, copy, 0, copy.length);
          return new Reply(ledger.op(), copy);
        });
  }

  @Override
  public CompletableFuture<SiteStatus> status() {
    return locked(
        () ->
            new SiteStatus(
                "0".repeat(32),
                "memory",
                NODE,
                "in-memory",
                NODE,
                1,
                ledger.op(),
                ledger.transferCount(),
                ledger.accountCount(),
                List.of(new SiteStatus.Member(NODE, "in-process", "leader", ledger.op(), 0, 0, 0)),
                List.of()));
  }

  /** SHA-256 over the ledger's state. */
  public byte[] digest() {
    return locked(ledger::digest).join();
  }

  /** Whether debits equal credits over all accounts. */
  public boolean conserved() {
    return locked(ledger::conserved).join();
  }

  /** Releases the memory; nothing may be asked afterwards. */
  @Override
  public void close() {
    lock.lock();
    try {
      ledger.close();
      arena.close();
    } finally {
      lock.unlock();
    }
  }

  @Override
  protected long knownUntilNanos() {
    return locked(() -> Math.max(clock.wallNanos(), ledger.lastTimestamp())).join();
  }

  @Override
  protected <T> CompletableFuture<Answer<T>> read(
      Consistency consistency, Function<Queries, T> query) {
    return locked(() -> new Answer<>(query.apply(ledger.queries()), ledger.op(), 0, 0));
  }

  private <T> CompletableFuture<T> locked(Supplier<T> work) {
    lock.lock();
    try {
      releaseExpired();
      return CompletableFuture.completedFuture(work.get());
    } catch (HoldfastException e) {
      return CompletableFuture.failedFuture(e);
    } finally {
      lock.unlock();
    }
  }

  private void releaseExpired() {
    while (ledger.nextExpiryNanos() <= clock.wallNanos()) {
      apply(Request.pulse());
    }
  }

  private void apply(Request request) {
    Batch.writeHeader(batch, Ledger.RULES_VERSION, clock.wallNanos(), 1, request.eventCount());
    long size = Batch.writeRequest(batch, Batch.HEADER_BYTES, 0, 0, request);
    ledger.apply(batch, size, results);
  }
}
