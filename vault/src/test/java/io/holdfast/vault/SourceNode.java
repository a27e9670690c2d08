package io.holdfast.vault;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.Journal;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.Disk;
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
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a node with a ledger of payments, each step taken as a node takes it; there is
 * no consensus. Opened for as long as payments are made, and stopped in between.
 */
final class SourceNode {
  static final UUID GROUP = new UUID(0x50AC, 1);
  private static final int ACCOUNTS = 20_000;

  /** Only these pay, so that most pages of a checkpoint stay as they are. */
  private static final int PAYING = 2_000;

  private static final int EVENTS = 2_000;
  private static final long GENERATION_EVENTS = 20_000;
  private static final long SECOND = 1_000_000_000L;
  private static final long BEGIN = 1_760_000_000L * SECOND;

  private final Path directory;
  private final Lineage lineage;
  private final UUID group;
  private final long segmentBytes;
  private final DataKey dataKey;
  private int accounts = ACCOUNTS;

  private SourceNode(
      Path directory, Lineage lineage, UUID group, long segmentBytes, DataKey dataKey) {
    this.directory = directory;
    this.lineage = lineage;
    this.group = group;
    this.segmentBytes = segmentBytes;
    this.dataKey = dataKey;
  }

  /** A new one of this ledger. */
  static SourceNode create(Path directory, long ledger, long segmentBytes) throws IOException {
    return create(directory, Lineage.ofNew(UInt128.of(ledger)), GROUP, segmentBytes, null);
  }

  /**
   * @param dataKey null for a new one
   */
  static SourceNode create(
      Path directory, Lineage lineage, UUID group, long segmentBytes, @Nullable DataKey dataKey)
      throws IOException {
    Files.createDirectories(directory.resolve("keys"));
    Path file = directory.resolve("keys").resolve(DataKey.FILE);
    (dataKey == null ? DataKey.create() : dataKey).write(file);
    return new SourceNode(directory, lineage, group, segmentBytes, DataKey.read(file));
  }

  /** The same directory, of which others say that it goes on in another history. */
  SourceNode in(Lineage other, UUID otherGroup) {
    return new SourceNode(directory, other, otherGroup, segmentBytes, dataKey);
  }

  /** With fewer accounts than usual. */
  SourceNode withAccounts(int fewer) {
    accounts = fewer;
    return this;
  }

  Path directory() {
    return directory;
  }

  Lineage lineage() {
    return lineage;
  }

  DataKey dataKey() {
    return dataKey;
  }

  JournalPlaces places() {
    return JournalPlaces.in(directory);
  }

  ColdSource cold() {
    return new ColdSource("main", "n1", lineage, dataKey, directory.resolve("keys"), places());
  }

  List<Path> segments() throws IOException {
    return SystemDisk.INSTANCE.list(places().segments());
  }

  List<Path> checkpoints() throws IOException {
    return SystemDisk.INSTANCE.list(places().checkpoints());
  }

  /** Makes so many payments, and checkpoints where they fall, and stops. */
  void pay(int payments) throws IOException {
    try (Running running = new Running(SystemDisk.INSTANCE)) {
      running.pay(payments);
      running.settle();
    }
  }

  /** While it runs. For one thread. */
  final class Running implements AutoCloseable {
    private final AtomicReference<@Nullable HoldfastException> failure = new AtomicReference<>();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment batch = arena.allocate(Limits.BATCH_BYTES_MAX, 8);
    private final MemorySegment results =
        arena.allocate((long) Limits.BATCH_EVENTS_MAX * Reply.RESULT_BYTES, 8);
    private final Journal journal;
    private final Ledger ledger;
    private long now;

    Running(Disk disk) {
      journal =
          Journal.open(
              new Journal.Setup(
                  disk,
                  places().segments(),
                  places().runs(),
                  places().checkpoints(),
                  dataKey,
                  lineage,
                  group,
                  0,
                  segmentBytes,
                  1,
                  GENERATION_EVENTS),
              failure::set,
              told -> {});
      ledger =
          journal
              .recovery()
              .run(() -> new Ledger(0x5EED, journal.index().history(), GENERATION_EVENTS))
              .ledger();
      now = Math.max(BEGIN, ledger.lastTimestamp());
      if (ledger.accountCount() == 0) {
        for (int first = 1; first <= accounts; first += EVENTS) {
          List<Account> opened = new ArrayList<>();
          for (int id = first; id < Math.min(first + EVENTS, accounts + 1); id++) {
            opened.add(Account.opening(UInt128.of(id), 1, 1, 0));
          }
          apply(Request.ofAccounts(opened));
        }
      }
    }

    Journal journal() {
      return journal;
    }

    Ledger ledger() {
      return ledger;
    }

    void pay(int payments) {
      for (int left = payments; left > 0; left -= EVENTS) {
        List<Transfer> transfers = new ArrayList<>();
        for (int i = 0; i < Math.min(left, EVENTS); i++) {
          long id = ledger.transferCount() + i + 1;
          int paying = Math.min(PAYING, accounts);
          long debit = id * 7919 % paying;
          long credit = (debit + 1 + id % 100) % paying;
          transfers.add(
              Transfer.payment(
                  UInt128.of(id),
                  UInt128.of(debit + 1),
                  UInt128.of(credit + 1),
                  1 + id % 1_000,
                  1,
                  1));
        }
        apply(Request.ofTransfers(transfers));
      }
    }

    private void apply(Request request) {
      HoldfastException failed = failure.get();
      if (failed != null) {
        throw failed;
      }
      forgetIndexed();
      now += SECOND;
      Batch.writeHeader(batch, Ledger.RULES_VERSION, now, 1, request.eventCount());
      int bytes = (int) Batch.writeRequest(batch, Batch.HEADER_BYTES, 1, 1, request);
      ledger.prefetch(batch, bytes);
      ledger.apply(batch, bytes, results);
      Generation complete = ledger.sealed();
      boolean due =
          complete != null && journal.checkpoints().falls(ledger.op(), ledger.accountCount());
      FrozenState frozen = due ? ledger.freeze() : null;
      journal.append(ledger, batch, bytes, results, 1, ledger.op());
      if (complete != null) {
        journal.index().add(complete);
      }
      if (frozen != null) {
        journal.checkpoints().write(frozen, 1, ledger.op(), () -> {});
        waitForCheckpoint();
        ledger.thaw();
      }
    }

    private void waitForCheckpoint() {
      while (journal.checkpoints().isWriting()) {
        forgetIndexed();
        LockSupport.parkNanos(100_000);
      }
    }

    private void forgetIndexed() {
      for (Generation done = journal.index().indexed();
          done != null;
          done = journal.index().indexed()) {
        ledger.forget(done);
        journal.index().forgotten(done, ledger);
      }
    }

    /** Until all is indexed and on disk. */
    void settle() {
      while (journal.index().stats().waiting() > 0 || journal.checkpoints().isWriting()) {
        forgetIndexed();
        LockSupport.parkNanos(100_000);
      }
    }

    @Override
    public void close() {
      journal.checkpoints().close();
      journal.close();
      ledger.close();
      arena.close();
    }
  }
}
