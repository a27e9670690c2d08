package io.holdfast.journal;

import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.FrozenState;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes checkpoints, one at a time, on a thread of its own, while the ledger goes on. They fall on
 * the same ops on all nodes: on the last ops of generations, counted from the last checkpoint.
 */
public final class Checkpoints implements AutoCloseable {
  /** Generations from one checkpoint to the next: what a start has to replay at most. */
  public static final int GENERATIONS = 4;

  /** Beyond this many accounts for each generation, checkpoints become rarer. */
  private static final int ACCOUNTS_SHIFT = 18;

  /** Leaves most of a disk, and the syncs on it, to the payments; 1 million accounts take 7 s. */
  private static final long BYTES_PER_SECOND = 24L << 20;

  /** Beyond these, others that are slower would have nothing to compare theirs with. */
  private static final int ROOTS_KEPT = 4;

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Journal.Setup setup;
  private final JournalWriter writer;
  private final LongPredicate isKnown;
  private final Consumer<HoldfastException> failed;
  private final boolean ownThread;
  private int generations;
  private @Nullable Thread thread;
  private volatile @Nullable Checkpoint newest;
  private volatile SortedMap<Long, String> roots = new TreeMap<>(); // replaced, never changed
  private volatile long writtenMillis;
  private volatile boolean closed;

  /**
   * @param isKnown whether journal and index have all up to an op on disk
   * @param failed is told once if a checkpoint could not be written
   * @param ownThread false when the caller's thread is to do all of it, at once
   */
  Checkpoints(
      Journal.Setup setup,
      JournalWriter writer,
      LongPredicate isKnown,
      Consumer<HoldfastException> failed,
      boolean ownThread) {
    this.setup = setup;
    this.writer = writer;
    this.isKnown = isKnown;
    this.failed = failed;
    this.ownThread = ownThread;
  }

  /**
   * Counts a complete generation; says whether a checkpoint falls on its last op. For the thread
   * that applies, and before that op is given to the journal.
   */
  public boolean falls(long op, long accounts) {
    passes(accounts);
    if (generations > 0 || isWriting()) {
      return false; // or this node is too slow for this one; the others have it
    }
    writer.keepChain(op);
    return true;
  }

  /** Counts a generation that was complete before, as {@link #falls} does. */
  void passes(long accounts) {
    generations++;
    if (generations >= Math.max(setup.checkpointGenerations(), accounts >> ACCOUNTS_SHIFT)) {
      generations = 0;
    }
  }

  /** The last checkpoint that is complete; null while there is none. */
  public @Nullable Checkpoint newest() {
    return newest;
  }

  /** The roots of the last few checkpoints by op: of those found at the start and those since. */
  public SortedMap<Long, String> roots() {
    return roots;
  }

  /** When the newest was written, in wall-clock time; 0 while none was since the start. */
  public long writtenMillis() {
    return writtenMillis;
  }

  /** Whether one is being written. */
  public boolean isWriting() {
    Thread running = thread;
    return running != null && running.isAlive();
  }

  /**
   * @param found the one that the ledger began with; null for none
   * @param earlier older ones that are on disk, too
   */
  void begin(@Nullable Checkpoint found, List<Checkpoint> earlier) {
    newest = found;
    earlier.forEach(this::keepRoot);
    if (found != null) {
      keepRoot(found);
    }
  }

  private void keepRoot(Checkpoint one) {
    TreeMap<Long, String> next = new TreeMap<>(roots);
    next.put(one.op(), one.root());
    while (next.size() > ROOTS_KEPT) {
      next.pollFirstEntry();
    }
    roots = Collections.unmodifiableSortedMap(next);
  }

  /**
   * Writes a state that was frozen where a checkpoint falls; returns at once.
   *
   * @param term of the entry of consensus that holds its op
   * @param done is run when the state is no longer needed: lets the ledger thaw
   */
  public void write(FrozenState state, long term, long index, Runnable done) {
    if (!ownThread) {
      writeOrFail(state, term, index, done);
      return;
    }
    Thread writing =
        Thread.ofPlatform()
            .name("holdfast-checkpoint")
            .daemon()
            .unstarted(() -> writeOrFail(state, term, index, done));
    thread = writing;
    writing.start();
  }

  private void writeOrFail(FrozenState state, long term, long index, Runnable done) {
    try {
      Checkpoint written;
      try {
        long op = state.header().op();
        byte[] chain = awaitChain(op);
        if (chain == null || !awaitKnown(op)) {
          return;
        }
        written =
            CheckpointWriter.write(
                setup.disk(),
                setup.checkpointDirectory(),
                setup.dataKey(),
                setup.lineage(),
                state,
                new CheckpointWriter.Place(chain, setup.group(), term, index),
                new Pace(BYTES_PER_SECOND),
                () -> closed);
        if (written != null) {
          state.prepareNext();
        }
      } finally {
        done.run();
        state.release();
      }
      if (written != null) {
        CheckpointFiles.complete(setup.disk(), setup.checkpointDirectory(), written.op());
        writtenMillis = System.currentTimeMillis();
        newest = written;
        keepRoot(written);
      }
    } catch (IOException e) {
      failed.accept(DiskFaults.coded(e, setup.checkpointDirectory()));
    } catch (HoldfastException e) {
      failed.accept(e);
    } catch (Throwable t) {
      failed.accept(
          new HoldfastException(
              "checkpoint-failed",
              "a checkpoint in " + setup.checkpointDirectory() + " failed: " + t,
              "the node stopped itself; keep its directory and logs, and restart it",
              t));
    }
  }

  private byte @Nullable [] awaitChain(long op) {
    byte[] chain = writer.keptChain(op);
    while (chain == null && !closed) {
      LockSupport.parkNanos(POLL_NANOS);
      chain = writer.keptChain(op);
    }
    return chain;
  }

  /**
   * A checkpoint may be begun from only where nothing before it has to be found elsewhere. It is
   * written after the run of its last generation, not beside it: more threads that compute than
   * processors would let payments wait.
   */
  private boolean awaitKnown(long op) {
    while (!isKnown.test(op)) {
      if (closed) {
        return false;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return true;
  }

  /** Gives up what is being written. */
  @Override
  public void close() {
    closed = true;
    Thread running = thread;
    boolean interrupted = false;
    while (running != null && running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
