package io.holdfast.cluster;

import io.holdfast.journal.Checkpoints;
import io.holdfast.journal.DamagedFileException;
import io.holdfast.journal.DetailsKeys;
import io.holdfast.journal.FileKind;
import io.holdfast.journal.IndexStats;
import io.holdfast.journal.Journal;
import io.holdfast.journal.JournalStats;
import io.holdfast.journal.Recovery;
import io.holdfast.journal.ReplayCheck;
import io.holdfast.journal.StoredFiles;
import io.holdfast.kernel.Limits;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.FrozenState;
import io.holdfast.ledger.Generation;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Reply;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's copy of the ledger, its journal, and the one writer of both: opens each committed
 * batch, applies it, gives the results to whoever waits, and journals it. {@link #apply} and {@link
 * #pass} are called by the apply thread alone; readers on any thread share the state between two
 * batches.
 */
final class Replica implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

  private final Ledger ledger;
  private final SharedLedger shared;
  private final Payloads opener;
  private final Answers answers;
  private final Journal journal;
  private final CoveredPoints points;
  private final DetailsKeys detailsKeys;
  private final ReplayCheck check;
  private final BatchPrefetch prefetch;
  private final Applied applied;
  private final ReplicaReads reads;
  private final Arena arena = Arena.ofShared();
  private final byte[] opened = new byte[Limits.BATCH_BYTES_MAX];
  private final MemorySegment batch = MemorySegment.ofArray(opened);
  private final MemorySegment results =
      arena.allocate((long) Limits.BATCH_EVENTS_MAX * Reply.RESULT_BYTES, 8);
  private int learnedVersion; // apply thread only

  private Replica(
      Payloads opener,
      Answers answers,
      Journal journal,
      DetailsKeys detailsKeys,
      Recovery.Recovered recovered,
      CoveredPoints points,
      long baseOp) {
    this.ledger = recovered.ledger();
    this.shared = new SharedLedger(ledger);
    this.opener = opener;
    this.answers = answers;
    this.journal = journal;
    this.points = points;
    this.detailsKeys = detailsKeys;
    learnDetailsKeys();
    detailsKeys.settle();
    Recovery.Point covered = points.covered();
    this.check = journal.replayCheck(covered == null ? baseOp : covered.op());
    this.prefetch = new BatchPrefetch(ledger, shared, journal);
    this.applied =
        new Applied(
            covered == null
                ? Position.of(ledger, 0, -1)
                : Position.of(ledger, covered.term(), covered.index()));
    this.reads = new ReplicaReads(ledger, shared, journal, detailsKeys, applied);
    LOG.info(
        "the ledger is at op {}: {} in {} ms, {} events judged again in {} ms",
        ledger.op(),
        recovered.checkpoint() == null
            ? "no checkpoint"
            : "checkpoint of op " + recovered.checkpoint().op(),
        recovered.checkpointNanos() / 1_000_000,
        recovered.events(),
        recovered.replayNanos() / 1_000_000);
    for (String passedOver : recovered.passedOver()) {
      LOG.warn("a checkpoint was passed over: {}", passedOver);
    }
  }

  /**
   * Brings the ledger to where the journal ends.
   *
   * @param detailsKeys is told which keys history destroyed
   * @param group the consensus group whose entries come
   * @param baseOp the last op before that group's first; 0 if there is none
   */
  static Replica recover(
      SiteConfig config,
      Payloads opener,
      Answers answers,
      Journal journal,
      DetailsKeys detailsKeys,
      UUID group,
      long baseOp) {
    long hashSeed = new SecureRandom().nextLong();
    Recovery.Recovered recovered =
        journal
            .recovery()
            .run(() -> new Ledger(hashSeed, journal.index().history(), config.generationEvents()));
    return new Replica(
        opener,
        answers,
        journal,
        detailsKeys,
        recovered,
        new CoveredPoints(group, recovered.settled(), config.logGenerations()),
        baseOp);
  }

  /** Applies a sealed batch; returns its op. */
  long apply(long term, long index, ByteBuffer sealed) {
    int size = opener.open(sealed, opened);
    Batch.check(batch);
    if (!check.isOver()) {
      check.compare(batch, size, term, index);
      applied.moveTo(position().passed(term, index));
      return check.op();
    }
    forgetIndexed();
    prefetch.run(batch, size);
    if (!shared.change(() -> judge(size, term, index))) {
      return position().op(); // the next start replays it from the log
    }
    if (!reads.isWithdrawn()) {
      answers.deliver(batch, results, position().op());
    }
    Generation complete = ledger.sealed();
    boolean checkpoint =
        complete != null && journal.checkpoints().falls(ledger.op(), ledger.accountCount());
    shared.hold(() -> journal.append(ledger, batch, size, results, term, index));
    // Only now, for a reader may hold the state until the journal has this op.
    FrozenState frozen = checkpoint ? shared.freeze() : null;
    if (complete != null) {
      points.complete(ledger.op(), term, index);
      journal.index().add(complete);
    }
    if (frozen != null) {
      journal.checkpoints().write(frozen, term, index, shared::thaw);
    }
    applied.signal();
    return position().op();
  }

  private void judge(int size, long term, long index) {
    ledger.apply(batch, size, results);
    learnDetailsKeys();
    applied.moveTo(Position.of(ledger, term, index));
  }

  /** Whoever reads after this op does not see what it erased. */
  private void learnDetailsKeys() {
    if (ledger.detailsKeysVersion() != learnedVersion) {
      learnedVersion = ledger.detailsKeysVersion();
      detailsKeys.learn(ledger.detailsKeys());
    }
  }

  /** Lets go of what can be found in the journal by now. */
  private void forgetIndexed() {
    Generation generation = journal.index().indexed();
    while (generation != null && forget(generation)) {
      generation = journal.index().indexed();
    }
  }

  private boolean forget(Generation generation) {
    return shared.change(
        () -> {
          ledger.forget(generation);
          journal.index().forgotten(generation, ledger);
        });
  }

  /** An entry without a batch was passed. */
  void pass(long term, long index) {
    applied.moveTo(position().passed(term, index));
    applied.signal();
  }

  /** How far this copy is. */
  Applied applied() {
    return applied;
  }

  Position position() {
    return applied.position();
  }

  /** What this copy tells others. */
  ReplicaReads reads() {
    return reads;
  }

  JournalStats journal() {
    return journal.stats();
  }

  IndexStats index() {
    return journal.index().stats();
  }

  /** Where the checkpoints stand, as far as this copy knows. */
  Checkpoints checkpoints() {
    return journal.checkpoints();
  }

  /** The files of the journal. */
  StoredFiles files() {
    return journal.files();
  }

  /** A file that someone who read it found damaged; null when there is none. */
  @Nullable DamagedFileException suspect() {
    return journal.suspect();
  }

  /** A file was replaced by what it should be. */
  void mended(FileKind kind, String name) {
    journal.mended(kind, name);
  }

  /** Where a new start would let consensus go on. */
  Recovery.@Nullable Point covered() {
    return points.covered();
  }

  /** Whether the log of consensus can be cut further by now. */
  boolean advanceCovered() {
    return points.advance(journal.stats().syncedOp());
  }

  @Override
  public void close() {
    shared.closing();
    journal.checkpoints().close();
    shared.close(
        () -> {
          try {
            check.close();
            journal.close();
          } finally {
            arena.close();
          }
        });
  }
}
