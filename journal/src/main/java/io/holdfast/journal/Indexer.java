package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Generation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes a run of each generation that a ledger completes, on a thread of its own, and merges eight
 * runs of a level into one of the next. A generation that has its run can be forgotten.
 */
final class Indexer implements AutoCloseable {
  /** Runs that are merged at a time: a look-up then asks at most seven of each level. */
  static final int MERGED = 8;

  /** Complete generations that wait; the ledger waits for the indexer beyond that. */
  private static final int WAITING_MAX = 3;

  private static final long POLL_MILLIS = 5;

  private final Disk disk;
  private final Path directory;
  private final DataKey dataKey;
  private final UInt128 ledgerId;
  private final OpPlaces places;
  private final OpenRuns runs;
  private final LongPredicate isDurable;
  private final Consumer<HoldfastException> failed;
  private final Suspects suspects;
  private final RunBuilder builder = new RunBuilder(1024);
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final ConcurrentLinkedQueue<Generation> done = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param isDurable whether the entry of an op is on disk in the journal
   * @param failed is told once if a run could not be made
   */
  Indexer(
      Disk disk,
      Path directory,
      DataKey dataKey,
      UInt128 ledgerId,
      OpPlaces places,
      OpenRuns runs,
      Suspects suspects,
      LongPredicate isDurable,
      Consumer<HoldfastException> failed) {
    this.disk = disk;
    this.directory = directory;
    this.dataKey = dataKey;
    this.ledgerId = ledgerId;
    this.places = places;
    this.runs = runs;
    this.suspects = suspects;
    this.isDurable = isDurable;
    this.failed = failed;
    this.thread = Thread.ofPlatform().name("holdfast-index").daemon().unstarted(this::work);
  }

  void start() {
    tasks.add(this::mergeOrFail); // a crash may have come before it
    thread.start();
  }

  /** Takes a complete generation; waits while too many are waiting. */
  void index(Generation generation) {
    waiting.incrementAndGet();
    tasks.add(() -> indexOrFail(generation));
    while (waiting.get() > WAITING_MAX && !closed && thread.isAlive()) {
      pause();
    }
  }

  /** The next generation that has its run; null while none has. */
  @Nullable Generation indexed() {
    return done.poll();
  }

  /** Runs something when what was given before is done. */
  void then(Runnable task) {
    tasks.add(task);
  }

  /** Complete generations that have no run yet. */
  int waiting() {
    return waiting.get();
  }

  private void work() {
    try {
      while (!closed) {
        Runnable task = tasks.poll(1, TimeUnit.SECONDS);
        if (task != null) {
          task.run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (HoldfastException e) {
      failed.accept(e);
    } catch (Throwable t) {
      failed.accept(
          new HoldfastException(
              "index-failed",
              "the index in " + directory + " failed: " + t,
              "the node stopped itself; keep its directory and logs, and restart it",
              t));
    }
  }

  private void indexOrFail(Generation generation) {
    try {
      if (generation.lastOp() > runs.lastOp()) {
        awaitDurable(generation.lastOp());
        if (closed) {
          return;
        }
        build(generation);
        merge();
      }
      places.forget(generation.lastOp());
      waiting.decrementAndGet();
      done.add(generation);
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  private void mergeOrFail() {
    try {
      merge();
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  /** A run must not tell of what a crash could take back. */
  private void awaitDurable(long op) {
    while (!isDurable.test(op) && !closed) {
      pause();
    }
  }

  private void build(Generation generation) throws IOException {
    builder.begin(generation.firstOp(), generation.firstMovement());
    generation.visit(new GenerationRows(builder, places));
    Path file = builder.write(disk, directory, dataKey, ledgerId);
    runs.add(Run.open(disk, file, dataKey, ledgerId));
  }

  /** Merges from the lowest level upwards for as long as there are enough runs of one. */
  private void merge() throws IOException {
    List<Run> all = runs.all();
    while (true) {
      List<Run> newest = newestOfOneLevel(all);
      if (newest.size() < MERGED || closed) {
        return;
      }
      List<Run> merged = newest.subList(0, MERGED);
      try {
        Path file = RunMerger.merge(disk, directory, merged, dataKey, ledgerId, bytes -> {});
        runs.replace(merged, Run.open(disk, file, dataKey, ledgerId));
      } catch (DamagedFileException e) {
        suspects.report(e); // they are merged once it is mended
        return;
      }
      all = runs.all();
    }
  }

  /** Opens the run of a file that was replaced. */
  void reopen(Path file) {
    then(() -> reopenNow(file));
  }

  private void reopenNow(Path file) {
    try {
      for (Run run : runs.all()) {
        if (run.file().getFileName().equals(file.getFileName())) {
          runs.swap(run, Run.open(disk, file, dataKey, ledgerId));
        }
      }
      merge();
    } catch (DamagedFileException e) {
      suspects.report(e);
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  /**
   * Levels fall from the oldest run to the newest, and what is merged are always the newest: so
   * each node merges the same ops.
   */
  private static List<Run> newestOfOneLevel(List<Run> all) {
    List<Run> newest = new ArrayList<>();
    for (Run run : all.reversed()) {
      if (run.level() != all.getLast().level()) {
        break;
      }
      newest.addFirst(run);
    }
    return newest;
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets the run that is being made come to its end. */
  @Override
  public void close() {
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
}
