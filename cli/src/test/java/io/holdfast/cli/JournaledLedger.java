package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.Journal;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.FrozenState;
import io.holdfast.ledger.Generation;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.testkit.InMemoryLedgerAccess;
import io.holdfast.testkit.ManualClock;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * A ledger in a directory as a node has it, with generations so small that files of every kind come
 * to be; and the same ledger in memory, which never saw a disk.
 */
final class JournaledLedger implements AutoCloseable {
  private static final int GENERATION = 400;
  private static final long SEGMENT_BYTES = 60_000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final ManualClock clock = new ManualClock();
  final InMemoryLedgerAccess twin = new InMemoryLedgerAccess(clock);
  private final List<Request> requests = new ArrayList<>();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment batch = arena.allocate(Limits.BATCH_BYTES_MAX, 8);
  private final MemorySegment results =
      arena.allocate((long) Limits.BATCH_EVENTS_MAX * Reply.RESULT_BYTES, 8);
  private final Journal journal;
  private final Ledger ledger;
  private boolean stopped;

  JournaledLedger(Path directory) throws IOException {
    this(directory, UInt128.ZERO);
  }

  JournaledLedger(Path directory, UInt128 ledgerId) throws IOException {
    Files.createDirectories(directory.resolve("keys"));
    DataKey key = DataKey.create();
    key.write(directory.resolve("keys").resolve(DataKey.FILE));
    JournalPlaces places = JournalPlaces.in(directory);
    journal =
        Journal.open(
            new Journal.Setup(
                SystemDisk.INSTANCE,
                places.segments(),
                places.runs(),
                places.checkpoints(),
                key,
                Lineage.ofNew(ledgerId),
                new UUID(1, 2),
                0,
                SEGMENT_BYTES,
                2,
                GENERATION),
            failure -> {
              throw failure;
            },
            told -> {});
    ledger =
        journal.recovery().run(() -> new Ledger(5, journal.index().history(), GENERATION)).ledger();
  }

  long op() {
    return ledger.op();
  }

  /** Has both judge a batch a second later; returns its op. */
  long apply(Request request) {
    clock.advance(Duration.ofSeconds(1));
    while (ledger.nextExpiryNanos() <= clock.wallNanos()) {
      judge(Request.pulse());
    }
    requests.add(request);
    judge(request);
    Reply reply = twin.submit(request, PATIENCE).join();
    assertThat(reply.op()).isEqualTo(ledger.op());
    return reply.op();
  }

  /** The ledger after so many batches, in memory; it must have had no expiries. */
  InMemoryLedgerAccess model(long op) {
    ManualClock itsClock = new ManualClock();
    InMemoryLedgerAccess model = new InMemoryLedgerAccess(itsClock);
    for (Request request : requests.subList(0, (int) op)) {
      itsClock.advance(Duration.ofSeconds(1));
      model.submit(request, PATIENCE).join();
    }
    return model;
  }

  static List<Account> accounts(InMemoryLedgerAccess of) {
    return of.accounts(AccountFilter.all(Limits.PAGE_ROWS_MAX, 0), Consistency.LINEARIZABLE)
        .join()
        .value()
        .rows();
  }

  private void judge(Request request) {
    Batch.writeHeader(batch, Ledger.RULES_VERSION, clock.wallNanos(), 1, request.eventCount());
    int size = (int) Batch.writeRequest(batch, Batch.HEADER_BYTES, 0, 0, request);
    ledger.prefetch(batch, size);
    ledger.apply(batch, size, results);
    Generation sealed = ledger.sealed();
    boolean falls =
        sealed != null && journal.checkpoints().falls(ledger.op(), ledger.accountCount());
    FrozenState state = falls ? ledger.freeze() : null;
    journal.append(ledger, batch, size, results, 1, ledger.op());
    if (state != null) {
      journal.checkpoints().write(state, 1, ledger.op(), ledger::thaw);
    }
    if (sealed != null) {
      journal.index().add(sealed);
      await(() -> journal.index().stats().lastOp() >= sealed.lastOp());
      await(() -> !journal.checkpoints().isWriting());
    }
  }

  /** All is on disk, while the node goes on. */
  void flush() {
    assertThat(twin.digest()).isEqualTo(ledger.digest());
    journal.chainAt(ledger.op());
    await(() -> journal.stats().syncedOp() == ledger.op());
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(until);
      Thread.onSpinWait();
    }
  }

  /** The node is stopped; its directory stays. */
  void stop() {
    if (!stopped) {
      stopped = true;
      journal.close();
      ledger.close();
      arena.close();
    }
  }

  @Override
  public void close() {
    stop();
    twin.close();
  }
}
