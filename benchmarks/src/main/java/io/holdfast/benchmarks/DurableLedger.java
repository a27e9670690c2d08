package io.holdfast.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.holdfast.drill.Deadline;
import io.holdfast.journal.Checkpoint;
import io.holdfast.journal.Checkpoints;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.DetailsKeys;
import io.holdfast.journal.Journal;
import io.holdfast.journal.JournalIndex;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.Lineage;
import io.holdfast.journal.Recovery;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.FrozenState;
import io.holdfast.ledger.Generation;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.Reply;
import io.holdfast.vault.BackupSource;
import io.holdfast.vault.ColdSource;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A ledger with its journal, index and checkpoints in a directory, each step taken as a node takes
 * it when a batch is committed; there is no consensus, and so nothing before and no other node. One
 * thread applies, any may read.
 */
final class DurableLedger implements AutoCloseable {
  private static final UInt128 LEDGER_ID = UInt128.of(0xBE7C);
  private static final UUID GROUP = new UUID(0xBE7C, 1);
  private static final long FIRST_STAMP_NANOS = 1_760_000_000_000_000_000L;

  private final Path directory;
  private final Journal journal;
  private final DetailsKeys detailsKeys;
  private final Recovery.Recovered recovered;
  private final Ledger ledger;
  private final long openNanos;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment batch = MemorySegment.ofArray(new byte[Limits.BATCH_BYTES_MAX]);
  private final MemorySegment results =
      arena.allocate((long) Limits.BATCH_EVENTS_MAX * Reply.RESULT_BYTES, 8);
  private final ReentrantReadWriteLock state = new ReentrantReadWriteLock();
  private final AtomicReference<@Nullable HoldfastException> failure;

  private DurableLedger(
      Path directory,
      Journal journal,
      DetailsKeys detailsKeys,
      Recovery.Recovered recovered,
      long openNanos,
      AtomicReference<@Nullable HoldfastException> failure) {
    this.directory = directory;
    this.journal = journal;
    this.detailsKeys = detailsKeys;
    this.recovered = recovered;
    this.ledger = recovered.ledger();
    this.openNanos = openNanos;
    this.failure = failure;
  }

  /**
   * Opens what is in a directory, or begins anew there.
   *
   * @param checkpointGenerations as a node has it: {@link Checkpoints#GENERATIONS}
   */
  static DurableLedger open(Path directory, int checkpointGenerations) throws IOException {
    return open(directory, Lineage.ofNew(LEDGER_ID), checkpointGenerations);
  }

  /** Opens one whose history has more than one branch. */
  static DurableLedger open(Path directory, Lineage lineage, int checkpointGenerations)
      throws IOException {
    Path keys = Files.createDirectories(keys(directory));
    Path keyFile = keys.resolve(DataKey.FILE);
    if (!Files.exists(keyFile)) {
      DataKey.create().write(keyFile);
    }
    AtomicReference<@Nullable HoldfastException> failure = new AtomicReference<>();
    long from = System.nanoTime();
    Journal journal =
        Journal.open(
            new Journal.Setup(
                SystemDisk.INSTANCE,
                directory.resolve("journal"),
                directory.resolve("index"),
                directory.resolve("checkpoints"),
                DataKey.read(keyFile),
                lineage,
                GROUP,
                0,
                Journal.SEGMENT_BYTES,
                checkpointGenerations),
            failure::set,
            told -> {});
    long opened = System.nanoTime() - from;
    Recovery.Recovered recovered =
        journal
            .recovery()
            .run(
                () ->
                    new Ledger(0x5EED, journal.index().history(), JournalIndex.GENERATION_WEIGHT));
    DetailsKeys detailsKeys =
        DetailsKeys.open(SystemDisk.INSTANCE, keys.resolve("details"), DataKey.read(keyFile));
    return new DurableLedger(directory, journal, detailsKeys, recovered, opened, failure);
  }

  /** Where the keys lie, as in a node's directory. */
  static Path keys(Path directory) {
    return directory.resolve("keys");
  }

  /** What a backup of the files in a directory is taken from, when nothing has them open. */
  static BackupSource source(Path directory) {
    Path keys = keys(directory);
    return new ColdSource(
        "bench",
        "n1",
        Lineage.ofNew(LEDGER_ID),
        DataKey.read(keys.resolve(DataKey.FILE)),
        keys,
        JournalPlaces.in(directory));
  }

  /** Payments that go on where this ledger's end, with accounts that are open or are opened now. */
  PaymentBatches payments(PaymentIds ids, int accounts) {
    PaymentBatches batches =
        new PaymentBatches(
            batch,
            ids,
            accounts,
            ledger.transferCount(),
            Math.max(FIRST_STAMP_NANOS, ledger.lastTimestamp()));
    for (int first = (int) ledger.accountCount() + 1; first <= accounts; ) {
      int events = Math.min(Limits.REQUEST_EVENTS_MAX, accounts + 1 - first);
      apply(batches.openings(first, events), events);
      first += events;
    }
    return batches;
  }

  /** Applies the batch that was written last, of which all events must be created. */
  void apply(int sizeBytes, int events) {
    judge(sizeBytes, events);
    keep(sizeBytes);
  }

  /** What comes before the answer. */
  void judge(int sizeBytes, int events) {
    HoldfastException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    forgetIndexed();
    state.readLock().lock();
    try {
      ledger.prefetch(batch, sizeBytes);
    } finally {
      state.readLock().unlock();
    }
    state.writeLock().lock();
    try {
      ledger.apply(batch, sizeBytes, results);
    } finally {
      state.writeLock().unlock();
    }
    for (long i = 0; i < events; i++) {
      if (results.get(JAVA_INT_UNALIGNED, i * Reply.RESULT_BYTES + Reply.STATUS) != -1) {
        throw new IllegalStateException("event " + i + " of op " + ledger.op() + " was refused");
      }
    }
  }

  /** What comes behind the answer. */
  void keep(int sizeBytes) {
    Generation complete = ledger.sealed();
    FrozenState frozen = complete == null ? null : freezeWhereDue();
    long op = ledger.op();
    state.readLock().lock();
    try {
      journal.append(ledger, batch, sizeBytes, results, 1, op);
    } finally {
      state.readLock().unlock();
    }
    if (complete != null) {
      journal.index().add(complete);
    }
    if (frozen != null) {
      journal.checkpoints().write(frozen, 1, op, this::thaw);
    }
  }

  private @Nullable FrozenState freezeWhereDue() {
    state.writeLock().lock();
    try {
      return journal.checkpoints().falls(ledger.op(), ledger.accountCount())
          ? ledger.freeze()
          : null;
    } finally {
      state.writeLock().unlock();
    }
  }

  private void thaw() {
    state.writeLock().lock();
    try {
      ledger.thaw();
    } finally {
      state.writeLock().unlock();
    }
  }

  private void forgetIndexed() {
    for (Generation done = journal.index().indexed();
        done != null;
        done = journal.index().indexed()) {
      state.writeLock().lock();
      try {
        ledger.forget(done);
        journal.index().forgotten(done, ledger);
      } finally {
        state.writeLock().unlock();
      }
    }
  }

  /** Answers over all history, for one thread. */
  Queries queries() {
    return journal.index().queries(ledger, state.readLock(), detailsKeys);
  }

  long transfers() {
    return ledger.transferCount();
  }

  long accounts() {
    return ledger.accountCount();
  }

  Journal journal() {
    return journal;
  }

  Recovery.Recovered recovered() {
    return recovered;
  }

  /** How long the journal took to open, before the ledger was brought to its end. */
  long openNanos() {
    return openNanos;
  }

  /** Bytes on disk under one of the directories of a node. */
  long bytesOf(String part) throws IOException {
    long bytes = 0;
    try (var files = Files.list(directory.resolve(part))) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  /** Waits until everything that was completed is indexed and no checkpoint is being written. */
  void settle() {
    while (journal.index().stats().waiting() > 0 || journal.checkpoints().isWriting()) {
      forgetIndexed();
      Deadline.letPass(Duration.ofMillis(20));
    }
  }

  /** As {@link #settle}, and until there is nothing left to merge. */
  void settleAndMerge() {
    settle();
    while (!journal.index().isMerged()) {
      Deadline.letPass(Duration.ofMillis(20));
    }
  }

  /** Reads all files once, so that the system has them in memory if it has room. */
  void warm() throws IOException {
    byte[] buffer = new byte[1 << 20];
    for (String part : List.of("index", "journal")) {
      List<Path> files;
      try (var all = Files.list(directory.resolve(part))) {
        files = all.toList();
      }
      for (Path file : files) {
        try (InputStream in = Files.newInputStream(file)) {
          while (in.read(buffer) >= 0) {
            // that it was read is all
          }
        }
      }
    }
  }

  @Nullable Checkpoint newestCheckpoint() {
    return journal.checkpoints().newest();
  }

  @Override
  public void close() {
    journal.checkpoints().close();
    journal.close();
    ledger.close();
    arena.close();
  }
}
