package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes the index of a journal while its entries arrive, from what of them is in memory: the same
 * files as {@link IndexRebuild} makes of the files. One thread gives entries; another one, its own,
 * sorts and writes what was collected, and the first waits when that one is behind.
 */
final class ArrivingIndex implements AutoCloseable {
  /** One group is collected while another one is written. */
  private static final int GROUPS = 2;

  /**
   * A whole group takes some 190 MB, two of them and what sorting needs some 550; with less than
   * this much heap each generation is written by itself, and they are merged.
   */
  private static final long HEAP_FOR_GROUPS_BYTES = 1_200L << 20;

  private static final long POLL_MILLIS = 2;

  private final Path directory;
  private final OpenRuns runs = new OpenRuns(List.of());
  private final RunTiers tiers;
  private final OpPlaces places = new OpPlaces();
  private final EntryVisits visits = new EntryVisits();
  private final RunBuilder apart = new RunBuilder(1024);
  private final BlockingQueue<RunGroup> spare = new LinkedBlockingQueue<>();
  private final BlockingQueue<RunGroup> full = new LinkedBlockingQueue<>();
  private final Thread thread =
      Thread.ofPlatform().name("holdfast-arriving-index").daemon().unstarted(this::write);
  private final long generationWeight;
  private int grouped;
  private @Nullable RunGroup collecting;
  private long nextOp = 1;
  private long movements;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  /**
   * @param generationWeight how much happens in a generation, as the ledger counts it
   */
  ArrivingIndex(
      Disk disk, Path directory, DataKey dataKey, UInt128 ledgerId, long generationWeight) {
    this.directory = directory;
    this.tiers = new RunTiers(disk, directory, dataKey, ledgerId, runs);
    this.generationWeight = generationWeight;
    boolean roomy = Runtime.getRuntime().maxMemory() >= HEAP_FOR_GROUPS_BYTES;
    this.grouped = roomy ? RunTiers.MERGED : 1;
    for (int i = 0; i < GROUPS; i++) {
      spare.add(new RunGroup(grouped * (generationWeight + Limits.BATCH_EVENTS_MAX)));
    }
    thread.start();
  }

  /** The runs that there are. */
  OpenRuns runs() {
    return runs;
  }

  /** Takes the next entry. */
  void add(Entry entry, long segment, long offset) {
    RunGroup group = collecting;
    if (group == null) {
      group = awaitSpare();
      group.begin(nextOp, movements);
      collecting = group;
    }
    places.add(entry.op(), segment, offset);
    movements += visits.visit(entry, new GenerationRows(group.rows(), places));
    places.forget(entry.op());
    nextOp = entry.op() + 1;
    if (group.isCompleteWith(EntryVisits.weight(entry), generationWeight)) {
      group.endGeneration();
      if (group.generations() == grouped) {
        handOver(group);
      }
    }
  }

  /** What was collected becomes runs, complete or not; from now on each generation by itself. */
  void flush() {
    grouped = 1;
    RunGroup group = collecting;
    if (group == null) {
      return;
    }
    if (group.hasMore()) {
      group.endGeneration();
    }
    handOver(group);
  }

  private void handOver(RunGroup group) {
    collecting = null;
    full.add(group);
  }

  private RunGroup awaitSpare() {
    try {
      while (true) {
        check();
        RunGroup group = spare.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (group != null) {
          return group;
        }
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** Waits until runs tell of all up to an op; those of it must have been handed over. */
  void await(LongPredicate enough) {
    try {
      while (!enough.test(runs.lastOp())) {
        check();
        Thread.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static HoldfastException interrupted() {
    Thread.currentThread().interrupt();
    return new HoldfastException("interrupted", "interrupted while the index was made", "");
  }

  /** Throws what went wrong on the other thread. */
  private void check() {
    switch (failure) {
      case null -> {}
      case HoldfastException e -> throw e;
      case IOException e -> throw DiskFaults.coded(e, directory);
      case Throwable t -> throw IndexFaults.failed(directory, t);
    }
  }

  private void write() {
    try {
      while (!closed) {
        RunGroup group = full.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (group != null) {
          group.write(tiers, apart);
          spare.add(group);
          tiers.merge(() -> closed);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable t) {
      failure = t;
    }
  }

  /** Waits until all that was handed over is written and merged. */
  void finish() {
    await(op -> op == nextOp - 1);
    await(op -> RunTiers.due(runs.all()).isEmpty());
  }

  /** Stops at the next run. */
  void stop() {
    closed = true;
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
  }

  /** Stops; the runs are closed. */
  @Override
  public void close() throws IOException {
    stop();
    runs.close();
  }
}
