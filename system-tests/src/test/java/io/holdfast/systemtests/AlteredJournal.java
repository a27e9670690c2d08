package io.holdfast.systemtests;

import io.holdfast.cluster.Genesis;
import io.holdfast.drill.Deadline;
import io.holdfast.journal.Checkpoints;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.Entry;
import io.holdfast.journal.Journal;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.JournalReader;
import io.holdfast.journal.JournalVerifier;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.ledger.FrozenState;
import io.holdfast.ledger.Generation;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Reply;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Gives a stopped node another past: the same ops, but of one payment another amount. All of it was
 * judged and written as a node does, so that no checksum, seal, chain or root is wrong; only that
 * the other nodes have another history tells that this is not theirs.
 */
final class AlteredJournal implements AutoCloseable {
  private final int generationEvents;
  private final long amount;
  private final List<HoldfastException> failures = new CopyOnWriteArrayList<>();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment batch = arena.allocate(Limits.BATCH_BYTES_MAX, 8);
  private final MemorySegment results =
      arena.allocate((long) Limits.BATCH_EVENTS_MAX * Reply.RESULT_BYTES, 8);
  private long alteredOp;

  private AlteredJournal(int generationEvents, long amount) {
    this.generationEvents = generationEvents;
    this.amount = amount;
  }

  /**
   * Writes journal, index and checkpoints of a node anew.
   *
   * @param amount that stands once in its history; there will be one more
   * @return the op of the newest checkpoint; what is altered lies before it
   */
  static long write(Path node, int generationEvents, long amount) throws IOException {
    try (AlteredJournal altered = new AlteredJournal(generationEvents, amount)) {
      return altered.write(node);
    }
  }

  private long write(Path node) throws IOException {
    Genesis genesis = Genesis.read(node);
    DataKey key = genesis.dataKey(node.resolve("keys"));
    Path before = node.resolveSibling(node.getFileName() + "-before");
    Files.createDirectories(before);
    for (String kind : List.of("journal", "index", "checkpoints")) {
      Files.move(node.resolve(kind), before.resolve(kind));
    }
    JournalPlaces places = JournalPlaces.in(node);
    Journal.Setup setup =
        new Journal.Setup(
            SystemDisk.INSTANCE,
            places.segments(),
            places.runs(),
            places.checkpoints(),
            key,
            Lineage.ofNew(genesis.ledgerId()),
            genesis.incarnation(),
            0,
            Journal.SEGMENT_BYTES,
            Checkpoints.GENERATIONS,
            generationEvents);
    List<Path> segments =
        JournalVerifier.segments(SystemDisk.INSTANCE, JournalPlaces.in(before).segments());
    long checkpointOp = 0;
    try (Journal journal = Journal.open(setup, failures::add, told -> {});
        Ledger ledger = empty(journal);
        JournalReader reader = JournalReader.of(SystemDisk.INSTANCE, segments, key, 1)) {
      for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
        checkpointOp = judge(entry, ledger, journal) ? entry.op() : checkpointOp;
      }
      long last = ledger.op();
      await("all of it is on disk", () -> journal.stats().syncedOp() == last);
    }
    if (alteredOp == 0 || alteredOp > checkpointOp) {
      throw new AssertionError(
          "op " + alteredOp + " was altered, the checkpoint is of op " + checkpointOp);
    }
    return checkpointOp;
  }

  private Ledger empty(Journal journal) {
    return journal
        .recovery()
        .run(() -> new Ledger(1, journal.index().history(), generationEvents))
        .ledger();
  }

  /** Says whether it made a checkpoint. */
  private boolean judge(Entry entry, Ledger ledger, Journal journal) {
    int size = entry.batchBytes();
    MemorySegment.copy(entry.batch(), 0, batch, 0, size);
    alter(entry.op(), size);
    ledger.prefetch(batch, size);
    ledger.apply(batch, size, results);
    Generation complete = ledger.sealed();
    boolean falls =
        complete != null && journal.checkpoints().falls(ledger.op(), ledger.accountCount());
    journal.append(ledger, batch, size, results, entry.term(), entry.index());
    if (complete != null) {
      FrozenState state = falls ? ledger.freeze() : null;
      journal.index().add(complete);
      if (state != null) {
        journal.checkpoints().write(state, entry.term(), entry.index(), () -> {});
        await("the checkpoint is whole", () -> !journal.checkpoints().isWriting());
        ledger.thaw();
      }
      forget(ledger, journal);
    }
    return falls;
  }

  private void forget(Ledger ledger, Journal journal) {
    @Nullable Generation[] indexed = {null};
    await("a generation has its run", () -> (indexed[0] = journal.index().indexed()) != null);
    Generation generation = indexed[0];
    if (generation != null) {
      ledger.forget(generation);
      journal.index().forgotten(generation, ledger);
    }
  }

  private void alter(long op, int size) {
    for (int at = 0; at + Long.BYTES <= size; at += Long.BYTES) {
      if (batch.get(ValueLayout.JAVA_LONG_UNALIGNED, at) == amount) {
        batch.set(ValueLayout.JAVA_LONG_UNALIGNED, at, amount + 1);
        alteredOp = op;
      }
    }
  }

  private void await(String what, java.util.function.BooleanSupplier condition) {
    Deadline.await(
        what,
        RunningSite.SOON,
        () -> {
          if (!failures.isEmpty()) {
            throw failures.getFirst();
          }
          return condition.getAsBoolean();
        });
  }

  @Override
  public void close() {
    arena.close();
  }
}
