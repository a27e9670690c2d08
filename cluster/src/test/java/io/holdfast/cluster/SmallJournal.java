package io.holdfast.cluster;

import io.holdfast.journal.Checkpoint;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.DetailsKeys;
import io.holdfast.journal.FileKind;
import io.holdfast.journal.FileListing;
import io.holdfast.journal.Journal;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.Lineage;
import io.holdfast.journal.Recovery;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.FrozenState;
import io.holdfast.ledger.Generation;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * The ledger and journal of a node without consensus, with small segments and generations, so that
 * a few thousand payments make files of every kind. Two of them with the same payments have the
 * same files.
 */
final class SmallJournal implements FileSource, AutoCloseable {
  static final DataKey KEY = DataKey.create();
  static final UInt128 LEDGER_ID = UInt128.of(9);
  static final long SEGMENT_BYTES = 60_000;
  static final int GENERATION = 900;
  private static final int PAYMENTS = 50;
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  final Journal journal;
  final JournalPlaces places;
  final List<HoldfastException> failures = new CopyOnWriteArrayList<>();
  final Ledger ledger;
  final long recoveredFrom; // op of the checkpoint; 0 for none
  private final String name;
  private final Path home;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment batch = arena.allocate(Limits.BATCH_BYTES_MAX, 8);
  private final MemorySegment results =
      arena.allocate(Limits.BATCH_EVENTS_MAX * (long) Reply.RESULT_BYTES, 8);

  SmallJournal(Path home, String name) {
    this.name = name;
    this.home = home;
    this.places = JournalPlaces.in(home);
    this.journal =
        Journal.open(
            new Journal.Setup(
                SystemDisk.INSTANCE,
                places.segments(),
                places.runs(),
                places.checkpoints(),
                KEY,
                Lineage.ofNew(LEDGER_ID),
                new UUID(1, 2),
                0,
                SEGMENT_BYTES,
                2,
                GENERATION),
            failures::add,
            told -> {});
    Recovery.Recovered recovered =
        journal.recovery().run(() -> new Ledger(5, journal.index().history(), GENERATION));
    this.ledger = recovered.ledger();
    Checkpoint checkpoint = recovered.checkpoint();
    this.recoveredFrom = checkpoint == null ? 0 : checkpoint.op();
  }

  DetailsKeys detailsKeys() {
    return DetailsKeys.open(SystemDisk.INSTANCE, home.resolve("details"), KEY);
  }

  /** Judges and journals batches of payments up to this op. */
  SmallJournal run(long toOp) {
    while (ledger.op() < toOp) {
      long op = ledger.op() + 1;
      judge(op, op == 1 ? accounts() : payments(op));
    }
    await(() -> journal.stats().syncedOp() == toOp && !journal.checkpoints().isWriting());
    return this;
  }

  private void judge(long op, Request request) {
    Batch.writeHeader(
        batch,
        Ledger.RULES_VERSION,
        1_800_000_000_000_000_000L + op * 1_000_000_000L,
        1,
        request.eventCount());
    int size = (int) Batch.writeRequest(batch, Batch.HEADER_BYTES, 7, op, request);
    ledger.prefetch(batch, size);
    ledger.apply(batch, size, results);
    Generation sealed = ledger.sealed();
    boolean falls = sealed != null && journal.checkpoints().falls(op, ledger.accountCount());
    FrozenState state = falls ? ledger.freeze() : null;
    journal.append(ledger, batch, size, results, 1, op);
    if (state != null) {
      journal.checkpoints().write(state, 1, op, ledger::thaw);
    }
    if (sealed != null) {
      journal.index().add(sealed);
      await(() -> journal.index().stats().lastOp() >= sealed.lastOp());
      Generation indexed = journal.index().indexed();
      while (indexed == null) {
        LockSupport.parkNanos(1_000_000);
        indexed = journal.index().indexed();
      }
      ledger.forget(indexed);
      journal.index().forgotten(indexed, ledger);
      await(() -> !journal.checkpoints().isWriting());
    }
  }

  private static Request accounts() {
    List<Account> accounts = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      accounts.add(Account.opening(UInt128.of(i), 1, 1, 0));
    }
    return Request.ofAccounts(accounts);
  }

  private static Request payments(long op) {
    List<Transfer> payments = new ArrayList<>();
    for (int i = 0; i < PAYMENTS; i++) {
      payments.add(
          Transfer.payment(
              UInt128.of(op * PAYMENTS + i),
              UInt128.of(1 + (op + i) % 19),
              UInt128.of(20),
              1 + i,
              1,
              1));
    }
    return Request.ofTransfers(payments);
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    long until = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("waited in vain");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public FileListing list() {
    journal.files().digestFor(10_000);
    return journal.files().list();
  }

  @Override
  public FileListing list(FileKind kind, String file) {
    return journal.files().list(kind, file);
  }

  @Override
  public byte[] read(FileKind kind, String file, long offset, int length) {
    return journal.files().read(kind, file, offset, length);
  }

  @Override
  public void close() {
    journal.close();
    ledger.close();
    arena.close();
  }
}
