package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.Ledger;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ordered record of all committed batches with their answers, on this node's disk, with its
 * index and checkpoints. Every op is in it once, in order; {@link ReplayCheck} sees to those that
 * consensus brings again.
 *
 * <p>The thread that applies hands entries over and goes on; a thread of the journal chains, seals
 * and writes them, and syncs what it wrote at the latest after half a second or 4 MiB. Whatever
 * fails there is told once to {@code failed}; nothing is appended after that.
 */
public final class Journal implements AutoCloseable {
  /** Beyond this much, an entry aside, what was written is synced at once. */
  public static final int UNSYNCED_BYTES_MAX = 4 << 20;

  /** Large enough that a file is opened every half a million transfers, small enough to fetch. */
  public static final long SEGMENT_BYTES = 64L << 20;

  private static final long CHAIN_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long CHAIN_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Path directory;
  private final long recoveredOp;
  private final Lineage lineage;
  private final EntryComposer composer;
  private final EntryRing ring = new EntryRing(EntryRing.defaultBytes());
  private final JournalWriter writer;
  private final JournalIndex index;
  private final Checkpoints checkpoints;
  private final Recovery recovery;
  private final StoredFiles files;
  private final Suspects suspects = new Suspects();
  private final Setup setup;
  private final Thread thread;
  private final Consumer<HoldfastException> failed;

  /**
   * What a journal needs to know.
   *
   * @param directory of the segments; made if it does not exist
   * @param indexDirectory of the runs; made if it does not exist
   * @param checkpointDirectory of the checkpoints; made if it does not exist
   * @param lineage the history that new entries continue
   * @param group the consensus group whose entries come
   * @param durableOp the last op known to have been on disk; 0 if none is
   * @param segmentBytes when a segment is full
   * @param checkpointGenerations how many generations there are from one checkpoint to the next
   * @param generationWeight of the ledger: how much happens in a generation
   */
  public record Setup(
      Disk disk,
      Path directory,
      Path indexDirectory,
      Path checkpointDirectory,
      DataKey dataKey,
      Lineage lineage,
      UUID group,
      long durableOp,
      long segmentBytes,
      int checkpointGenerations,
      long generationWeight) {

    /** Where the files lie. */
    public JournalPlaces places() {
      return new JournalPlaces(directory, indexDirectory, checkpointDirectory);
    }

    /** With generations as all nodes have them. */
    public Setup(
        Disk disk,
        Path directory,
        Path indexDirectory,
        Path checkpointDirectory,
        DataKey dataKey,
        Lineage lineage,
        UUID group,
        long durableOp,
        long segmentBytes,
        int checkpointGenerations) {
      this(
          disk,
          directory,
          indexDirectory,
          checkpointDirectory,
          dataKey,
          lineage,
          group,
          durableOp,
          segmentBytes,
          checkpointGenerations,
          JournalIndex.GENERATION_WEIGHT);
    }
  }

  private Journal(
      Setup setup,
      JournalRecovery.End end,
      Consumer<HoldfastException> failed,
      Consumer<String> told)
      throws IOException {
    this.directory = setup.directory();
    this.recoveredOp = end.lastOp();
    this.lineage = setup.lineage();
    this.composer = new EntryComposer(setup.group());
    this.failed = failed;
    OpPlaces places = new OpPlaces();
    this.writer = new JournalWriter(setup, end, places);
    this.index =
        JournalIndex.open(
            setup, end.lastOp(), places, suspects, this::isDurable, failed, told, true);
    this.checkpoints =
        new Checkpoints(
            setup, writer, op -> isDurable(op) && index.stats().lastOp() >= op, failed, true);
    this.recovery = new Recovery(setup, places, index, checkpoints, end.lastOp(), true);
    this.files = new StoredFiles(setup, writer);
    this.setup = setup;
    this.thread = Thread.ofPlatform().name("holdfast-journal").daemon().unstarted(this::journal);
  }

  /**
   * Opens a journal: finds its end, cuts off what a crash left, makes what its index lacks, and is
   * ready to go on.
   *
   * @param failed is told once when nothing more can be appended
   * @param told of what was not as it should be, and of what takes long, in words
   * @throws HoldfastException codes {@code journal-damaged}, {@code journal-lost}, {@code
   *     wrong-data-key}, {@code format-unknown}, {@code disk-full}, {@code disk-failed}
   */
  public static Journal open(
      Setup setup, Consumer<HoldfastException> failed, Consumer<String> told) {
    try {
      setup.disk().createDirectories(setup.directory());
      setup.disk().createDirectories(setup.checkpointDirectory());
      CheckpointFiles.settle(setup.disk(), setup.checkpointDirectory());
      JournalRecovery.End end =
          JournalRecovery.recover(
              setup.disk(), setup.directory(), setup.dataKey(), setup.lineage(), setup.durableOp());
      Journal journal = new Journal(setup, end, failed, told);
      journal.thread.start();
      return journal;
    } catch (IOException e) {
      throw DiskFaults.coded(e, setup.directory());
    }
  }

  /** The last op that was in the journal when it was opened. */
  public long recoveredOp() {
    return recoveredOp;
  }

  /** Whether the entry of an op is on disk; if not, it soon will be. */
  private boolean isDurable(long op) {
    boolean durable = writer.stats().syncedOp() >= op;
    if (!durable) {
      writer.hurry(op);
      ring.nudge();
    }
    return durable;
  }

  /** Brings a ledger to where the journal ended when it was opened; once, before anything else. */
  public Recovery recovery() {
    return recovery;
  }

  /**
   * For what consensus brings again after a recovery.
   *
   * @param afterOp the last op that will not come again
   */
  public ReplayCheck replayCheck(long afterOp) {
    try {
      return new ReplayCheck(setup, afterOp, recoveredOp);
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  /** Writes the state of the ledger now and then. */
  public Checkpoints checkpoints() {
    return checkpoints;
  }

  /** Finds what a ledger has forgotten. */
  public JournalIndex index() {
    return index;
  }

  /**
   * The chain after the op that was appended last; waits until it is known.
   *
   * @throws HoldfastException code {@code unavailable}: entries that are there already still come
   *     again, or the journal has failed
   */
  public byte[] chainAt(long op) {
    long until = System.nanoTime() + CHAIN_NANOS;
    JournalWriter.ChainPoint point = writer.chainPoint();
    while (point.op() != op) {
      if (System.nanoTime() > until) {
        throw new HoldfastException(
            "unavailable",
            "the chain of the journal after op " + op + " is not known, it is at " + point.op(),
            "wait until this node has caught up");
      }
      LockSupport.parkNanos(CHAIN_POLL_NANOS);
      point = writer.chainPoint();
    }
    return point.chain();
  }

  /** What this node has that others can have. */
  public StoredFiles files() {
    return files;
  }

  /** Someone who read a file found it damaged. */
  public void suspect(DamagedFileException damage) {
    suspects.report(damage);
  }

  /** A file that was found damaged and is to be looked at; null when there is none. */
  public @Nullable DamagedFileException suspect() {
    return suspects.next();
  }

  /**
   * A damaged file could not be mended, and the node stops itself because of it: the next start
   * makes anew what can be.
   */
  public DamagedFileException setAside(DamagedFileException damage) {
    try {
      index.setAside(damage);
    } catch (IOException e) {
      damage.addSuppressed(e);
    }
    return damage;
  }

  /** A file was replaced by what it should be: who reads opens it anew. */
  public void mended(FileKind kind, String name) {
    Path file = files.places().file(kind, name);
    files.digests().forget(file);
    index.mended(kind, file);
  }

  public JournalStats stats() {
    return writer.stats();
  }

  /**
   * Appends the ledger's last batch. For the thread that applies; it waits only when the journal is
   * behind by all of its memory.
   *
   * @param results what the ledger answered to each event
   */
  public void append(
      Ledger ledger,
      MemorySegment batch,
      int batchBytes,
      MemorySegment results,
      long term,
      long index) {
    int at = ring.claim(EntryComposer.bytesMax(batchBytes, ledger, Batch.eventCount(batch)));
    ring.publish(
        composer.compose(
            ring.memory(),
            at,
            ledger,
            lineage.current().epoch(),
            batch,
            batchBytes,
            results,
            term,
            index));
  }

  private void journal() {
    try {
      while (!ring.isDone()) {
        int at = ring.take(writer.nanosUntilSync());
        if (at >= 0) {
          writer.write(ring.bytes(), at, ring.length());
          ring.release();
        }
        if (ring.isEmpty()) {
          writer.flush();
        }
        writer.syncIfDue();
      }
      writer.sync();
    } catch (IOException e) {
      fail(DiskFaults.coded(e, directory));
    } catch (HoldfastException e) {
      fail(e);
    } catch (Throwable t) {
      fail(
          new HoldfastException(
              "journal-failed",
              "the journal in " + directory + " failed: " + t,
              "the node stopped itself; keep its directory and logs, and restart it",
              t));
    }
  }

  private void fail(HoldfastException reason) {
    ring.fail(reason);
    failed.accept(reason);
  }

  /** Writes and syncs all that was appended. */
  @Override
  public void close() {
    checkpoints.close();
    index.close();
    ring.close();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    try {
      writer.close();
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }
}
