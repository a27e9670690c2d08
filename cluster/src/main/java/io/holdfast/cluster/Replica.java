package io.holdfast.cluster;

import io.holdfast.journal.Checkpoints;
import io.holdfast.journal.DamagedFileException;
import io.holdfast.journal.DetailsKeys;
import io.holdfast.journal.FileKind;
import io.holdfast.journal.IndexStats;
import io.holdfast.journal.Journal;
import io.holdfast.journal.JournalStats;
import io.holdfast.journal.LedgerQueries;
import io.holdfast.journal.Recovery;
import io.holdfast.journal.ReplayCheck;
import io.holdfast.journal.StoredFiles;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Invariants;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.DetailsForm;
import io.holdfast.ledger.DetailsKeyState;
import io.holdfast.ledger.FrozenState;
import io.holdfast.ledger.Generation;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.TransferWithDetails;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's copy of the ledger, its journal, and the one writer of both: opens each committed
 * batch, applies it, gives the results to whoever waits, and journals it. {@link #apply} is called
 * by the apply thread alone; readers on any thread share the state between two batches.
 */
final class Replica implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

  /** Much longer than a file takes from a peer; without one, other nodes go on meanwhile. */
  private static final long MENDED_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final long MENDED_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Ledger ledger;
  private final Payloads opener;
  private final Answers answers;
  private final Journal journal;
  private final CoveredPoints points;
  private final DetailsKeys detailsKeys;
  private final ReplayCheck check;
  private final Arena arena = Arena.ofShared();
  private final byte[] opened = new byte[Limits.BATCH_BYTES_MAX];
  private final MemorySegment batch = MemorySegment.ofArray(opened);
  private final MemorySegment results =
      arena.allocate((long) Limits.BATCH_EVENTS_MAX * Reply.RESULT_BYTES, 8);
  private final ReentrantReadWriteLock state = new ReentrantReadWriteLock();
  private final ReentrantLock progress = new ReentrantLock();
  private final Condition progressed = progress.newCondition();

  private int learnedVersion; // apply thread only
  private volatile boolean
      closed; // set under the write lock of state; the ledger's memory is gone then
  private volatile boolean closing;
  private volatile boolean withdrawn;
  private volatile Position position;

  private Replica(
      Payloads opener,
      Answers answers,
      Journal journal,
      DetailsKeys detailsKeys,
      Recovery.Recovered recovered,
      CoveredPoints points,
      long baseOp) {
    this.ledger = recovered.ledger();
    this.opener = opener;
    this.answers = answers;
    this.journal = journal;
    this.points = points;
    this.detailsKeys = detailsKeys;
    learnDetailsKeys();
    detailsKeys.settle();
    Recovery.Point covered = points.covered();
    this.check = journal.replayCheck(covered == null ? baseOp : covered.op());
    this.position =
        new Position(
            covered == null ? 0 : covered.term(),
            covered == null ? -1 : covered.index(),
            ledger.op(),
            ledger.accountCount(),
            ledger.transferCount(),
            ledger.nextExpiryNanos());
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

  /** How far this copy is: the last entry applied and what the ledger said after it. */
  record Position(
      long term, long index, long op, long accounts, long transfers, long nextExpiryNanos) {}

  Position position() {
    return position;
  }

  JournalStats journal() {
    return journal.stats();
  }

  IndexStats index() {
    return journal.index().stats();
  }

  /** Applies a sealed batch; returns its op. */
  long apply(long term, long index, ByteBuffer sealed) {
    int size = opener.open(sealed, opened);
    Batch.check(batch);
    if (!check.isOver()) {
      check.compare(batch, size, term, index);
      passed(term, index);
      return check.op();
    }
    forgetIndexed();
    prefetch(size);
    state.writeLock().lock();
    try {
      if (closed) {
        return position.op(); // the next start replays it from the log
      }
      ledger.apply(batch, size, results);
      learnDetailsKeys();
      position =
          new Position(
              term,
              index,
              ledger.op(),
              ledger.accountCount(),
              ledger.transferCount(),
              ledger.nextExpiryNanos());
    } finally {
      state.writeLock().unlock();
    }
    answer();
    Generation complete = ledger.sealed();
    boolean checkpoint =
        complete != null && journal.checkpoints().falls(ledger.op(), ledger.accountCount());
    journal(size, term, index);
    // Only now, for a reader may hold the state until the journal has this op.
    FrozenState frozen = checkpoint ? freeze() : null;
    if (complete != null) {
      points.complete(ledger.op(), term, index);
      journal.index().add(complete);
    }
    if (frozen != null) {
      journal.checkpoints().write(frozen, term, index, this::thaw);
    }
    signalProgress();
    return position.op();
  }

  /** Whoever reads after this op does not see what it erased. */
  private void learnDetailsKeys() {
    if (ledger.detailsKeysVersion() != learnedVersion) {
      learnedVersion = ledger.detailsKeysVersion();
      detailsKeys.learn(ledger.detailsKeys());
    }
  }

  /** What history knows of the keys of details. */
  List<DetailsKeyState> detailsKeys() {
    state.readLock().lock();
    try {
      checkOpen();
      return ledger.detailsKeys();
    } finally {
      state.readLock().unlock();
    }
  }

  /** Of these transfers, those that exist with sealed details, and these as they are stored. */
  Map<UInt128, byte[]> sealedDetailsOf(List<UInt128> ids) {
    Map<UInt128, byte[]> sealed = new HashMap<>();
    LedgerQueries queries = journal.index().queries(ledger, state.readLock(), detailsKeys);
    for (TransferWithDetails stored : queries.storedTransfers(ids)) {
      if (stored.form() == DetailsForm.SEALED) {
        sealed.put(stored.transfer().id(), stored.details());
      }
    }
    return sealed;
  }

  /** Keeps the state for a checkpoint, as it is after the last op. */
  private @Nullable FrozenState freeze() {
    state.writeLock().lock();
    try {
      return closed ? null : ledger.freeze();
    } finally {
      state.writeLock().unlock();
    }
  }

  /** Lets go of the state that was kept, unless all of the ledger goes. */
  private void thaw() {
    boolean locked = false;
    try {
      while (!locked && !closing) {
        locked = state.writeLock().tryLock(10, TimeUnit.MILLISECONDS);
      }
      if (locked && !closed) {
        ledger.thaw();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (locked) {
        state.writeLock().unlock();
      }
    }
  }

  /** Where the checkpoints stand, as far as this copy knows. */
  Checkpoints checkpoints() {
    return journal.checkpoints();
  }

  /** The files of the journal, for other nodes, while they are worth having. */
  StoredFiles filesForOthers() {
    checkOpen();
    return journal.files();
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

  /** Lets go of what can be found in the journal by now. */
  private void forgetIndexed() {
    Generation generation = journal.index().indexed();
    while (generation != null) {
      state.writeLock().lock();
      try {
        if (closed) {
          return;
        }
        ledger.forget(generation);
        journal.index().forgotten(generation, ledger);
      } finally {
        state.writeLock().unlock();
      }
      generation = journal.index().indexed();
    }
  }

  /**
   * Whatever judging the batch will need from disk is read here, while readers go on. Where a file
   * is damaged, this waits until it is mended: a batch can't be passed over.
   */
  private void prefetch(int size) {
    long until = System.nanoTime() + MENDED_WITHIN_NANOS;
    while (true) {
      try {
        prefetchOnce(size);
        return;
      } catch (DamagedFileException e) {
        if (System.nanoTime() > until || closing) {
          throw journal.setAside(e);
        }
        journal.suspect(e);
        LockSupport.parkNanos(MENDED_POLL_NANOS);
      }
    }
  }

  private void prefetchOnce(int size) {
    state.readLock().lock();
    try {
      if (!closed) {
        ledger.prefetch(batch, size);
      }
    } finally {
      state.readLock().unlock();
    }
  }

  /** Readers may go on meanwhile; only the end has to wait. */
  private void journal(int size, long term, long index) {
    state.readLock().lock();
    try {
      if (!closed) {
        journal.append(ledger, batch, size, results, term, index);
      }
    } finally {
      state.readLock().unlock();
    }
  }

  /** An entry without a batch was passed. */
  void pass(long term, long index) {
    passed(term, index);
    signalProgress();
  }

  private void passed(long term, long index) {
    Position p = position;
    position = new Position(term, index, p.op(), p.accounts(), p.transfers(), p.nextExpiryNanos());
  }

  private void answer() {
    if (withdrawn) {
      return;
    }
    long op = position.op();
    int requests = Batch.requestCount(batch);
    long at = Batch.HEADER_BYTES;
    int event = 0;
    for (int i = 0; i < requests; i++) {
      int count = Batch.requestEventCount(batch, at);
      Waiting waiting =
          answers.waitingFor(Batch.originBoot(batch, at), Batch.originSequence(batch, at));
      if (waiting != null) {
        byte[] slice = new byte[count * Reply.RESULT_BYTES];
        MemorySegment.copy(
            results,
            ValueLayout.JAVA_BYTE,
            (long) event * Reply.RESULT_BYTES,
            slice,
            0,
            slice.length);
        answers.answered(waiting, new Reply(op, slice));
      }
      event += count;
      at += Batch.REQUEST_HEADER_BYTES + Batch.requestLength(batch, at);
    }
    answers.flush();
  }

  /** Reads the state as it is between two batches, and what it has forgotten from disk. */
  <T> Site.Read<T> read(Function<Queries, T> query) {
    checkOpen();
    LedgerQueries queries = journal.index().queries(ledger, state.readLock(), detailsKeys);
    try {
      T value = query.apply(queries);
      checkOpen();
      return new Site.Read<>(value, queries.op(), 0, 0);
    } catch (DamagedFileException e) {
      journal.suspect(e);
      throw Refusals.mending(e);
    }
  }

  /** The time of the last batch applied here. */
  long lastTimestamp() {
    state.readLock().lock();
    try {
      checkOpen();
      return ledger.lastTimestamp();
    } finally {
      state.readLock().unlock();
    }
  }

  /** Waits until {@code op} is applied here and scans the state. */
  StateDigest digest(long op, Duration deadline) {
    awaitOp(op, deadline);
    state.readLock().lock();
    try {
      checkOpen();
      return new StateDigest(
          ledger.op(),
          digestWithChain(),
          ledger.accountCount(),
          ledger.transferCount(),
          ledger.conserved());
    } finally {
      state.readLock().unlock();
    }
  }

  /** SHA-256 over the digest of the state and the chain, which proves the history behind it. */
  private String digestWithChain() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(ledger.digest());
      return HexFormat.of().formatHex(sha256.digest(journal.chainAt(ledger.op())));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Waits until {@code op} is applied here. */
  void awaitOp(long op, Duration deadline) {
    long left = deadline.toNanos();
    progress.lock();
    try {
      while (position.op() < op) {
        if (left <= 0) {
          throw new HoldfastException(
              "unavailable",
              "op " + op + " is not applied here, the last one is " + position.op(),
              "wait until this node has caught up, or ask for an op that it has");
        }
        left = progressed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException("unavailable", "interrupted while waiting for op " + op, "", e);
    } finally {
      progress.unlock();
    }
  }

  /** From now on this copy tells nobody anything: it is not what the others have. */
  void withdraw() {
    withdrawn = true;
  }

  private void checkOpen() {
    if (withdrawn) {
      throw Refusals.readUnavailable("this node's copy differs from the others' and is rebuilt");
    }
    if (closed) {
      throw Refusals.readUnavailable("this node is stopping");
    }
  }

  private void signalProgress() {
    progress.lock();
    try {
      progressed.signalAll();
    } finally {
      progress.unlock();
    }
  }

  @Override
  public void close() {
    closing = true;
    journal.checkpoints().close();
    try {
      Invariants.check(
          state.writeLock().tryLock(5, TimeUnit.SECONDS),
          "readers leave before the state is closed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      closed = true;
      check.close();
      journal.close();
    } finally {
      ledger.close();
      arena.close();
      state.writeLock().unlock();
    }
  }
}
