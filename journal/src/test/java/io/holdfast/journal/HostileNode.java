package io.holdfast.journal;

import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.ledger.FrozenState;
import io.holdfast.ledger.Generation;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Reply;
import io.holdfast.testkit.HostileDisk;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A ledger with its journal, index and checkpoints on a hostile disk, put together as a node does
 * it, but all on one thread: so the same seed gives the same calls.
 */
final class HostileNode implements AutoCloseable {
  static final Path JOURNAL = Path.of("/journal");
  static final Path INDEX = Path.of("/index");
  static final Path CHECKPOINTS = Path.of("/checkpoints");
  static final DataKey KEY = DataKey.create();
  static final Lineage LINEAGE = Lineage.ofNew(LedgerRun.LEDGER_ID);
  static final int GENERATION = 25;
  private static final int SEGMENT_BYTES = 20_000;
  private static final int CHECKPOINT_GENERATIONS = 2;
  private static final int CHUNK_SHIFT = 6;

  final List<String> said = new ArrayList<>();
  final Recovery.Recovered recovered;
  final Ledger ledger;
  private final long epoch;
  private final JournalWriter writer;
  private final JournalIndex index;
  private final Checkpoints checkpoints;
  private final EntryComposer composer = new EntryComposer(LedgerRun.GROUP);
  private final MemorySegment results =
      MemorySegment.ofArray(new byte[Limits.BATCH_EVENTS_MAX * Reply.RESULT_BYTES]);

  /**
   * Starts.
   *
   * @throws HoldfastException whatever a start fails with
   */
  HostileNode(HostileDisk disk, long durableOp) {
    this(disk, durableOp, GENERATION);
  }

  /**
   * @param generation events and ops in a generation
   */
  HostileNode(HostileDisk disk, long durableOp, int generation) {
    this(disk, durableOp, generation, LINEAGE);
  }

  /**
   * @param lineage the history that it continues
   */
  HostileNode(HostileDisk disk, long durableOp, int generation, Lineage lineage) {
    epoch = lineage.current().epoch();
    Journal.Setup setup =
        new Journal.Setup(
            disk,
            JOURNAL,
            INDEX,
            CHECKPOINTS,
            KEY,
            lineage,
            LedgerRun.GROUP,
            durableOp,
            SEGMENT_BYTES,
            CHECKPOINT_GENERATIONS,
            generation);
    try {
      CheckpointFiles.settle(disk, CHECKPOINTS);
      JournalRecovery.End end = JournalRecovery.recover(disk, JOURNAL, KEY, lineage, durableOp);
      OpPlaces places = new OpPlaces();
      writer = new JournalWriter(setup, end, places);
      index =
          JournalIndex.open(
              setup,
              end.lastOp(),
              places,
              new Suspects(),
              this::isDurable,
              HostileNode::fail,
              said::add,
              false);
      checkpoints =
          new Checkpoints(
              setup,
              writer,
              op -> isDurable(op) && index.stats().lastOp() >= op,
              HostileNode::fail,
              false);
      recovered =
          settingAside(
              index,
              () ->
                  new Recovery(setup, places, index, checkpoints, end.lastOp(), false)
                      .run(() -> new Ledger(1, index.history(), generation, CHUNK_SHIFT)));
      ledger = recovered.ledger();
    } catch (IOException e) {
      throw DiskFaults.coded(e, JOURNAL);
    }
  }

  private static void fail(HoldfastException failure) {
    throw failure;
  }

  private boolean isDurable(long op) {
    sync();
    return writer.stats().syncedOp() >= op;
  }

  void sync() {
    try {
      writer.sync();
    } catch (IOException e) {
      throw DiskFaults.coded(e, JOURNAL);
    }
  }

  void flush() {
    try {
      writer.flush();
    } catch (IOException e) {
      throw DiskFaults.coded(e, JOURNAL);
    }
  }

  /** Judges the next batch, journals it, and does all that falls due with it. */
  void apply(byte[] bytes) {
    settingAside(
        index,
        () -> {
          applyWhole(bytes);
          return ledger;
        });
  }

  /** What a node does with a damaged run that nobody mends, before it stops itself. */
  private static <T> T settingAside(JournalIndex index, Supplier<T> body) {
    try {
      return body.get();
    } catch (DamagedFileException e) {
      try {
        index.setAside(e);
      } catch (IOException failure) {
        e.addSuppressed(failure);
      }
      throw e;
    }
  }

  private void applyWhole(byte[] bytes) {
    MemorySegment batch = MemorySegment.ofArray(bytes);
    ledger.prefetch(batch, bytes.length);
    ledger.apply(batch, bytes.length, results);
    Generation sealed = ledger.sealed();
    long op = ledger.op();
    boolean falls = sealed != null && checkpoints.falls(op, ledger.accountCount());
    FrozenState state = falls ? ledger.freeze() : null;
    journal(batch, bytes.length, op);
    if (sealed != null) {
      index.add(sealed);
      for (Generation done = index.indexed(); done != null; done = index.indexed()) {
        ledger.forget(done);
        index.forgotten(done, ledger);
      }
    }
    if (state != null) {
      checkpoints.write(state, 3, op + 10, ledger::thaw);
    }
  }

  private void journal(MemorySegment batch, int bytes, long op) {
    int events = io.holdfast.ledger.Batch.eventCount(batch);
    byte[] entry = new byte[EntryComposer.bytesMax(bytes, ledger, events)];
    int length =
        composer.compose(
            MemorySegment.ofArray(entry), 0, ledger, epoch, batch, bytes, results, 3, op + 10);
    try {
      writer.write(entry, 0, length);
    } catch (IOException e) {
      throw DiskFaults.coded(e, JOURNAL);
    }
  }

  byte[] chain() {
    return writer.chainPoint().chain();
  }

  long durableOp() {
    return writer.stats().syncedOp();
  }

  long indexedOp() {
    return index.stats().lastOp();
  }

  /** Of all runs. */
  List<Integer> levels() {
    return index.levels();
  }

  long checkpointOp() {
    Checkpoint newest = checkpoints.newest();
    return newest == null ? 0 : newest.op();
  }

  /** Stops as a node does, without syncing anything. */
  @Override
  public void close() {
    ledger.close();
    index.close();
  }
}
