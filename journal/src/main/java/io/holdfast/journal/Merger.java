package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Merges eight runs of a level into one of the next, on a thread of its own: which runs go together
 * depends on their ops alone, so the files of all nodes become the same. While a large merge goes
 * on, smaller ones that fall due are done in between, so that the runs that a look-up has to ask
 * stay few.
 */
final class Merger implements AutoCloseable {
  /** Runs that are merged at a time: a look-up then asks at most seven of each level. */
  static final int MERGED = 8;

  private final Disk disk;
  private final Path directory;
  private final DataKey dataKey;
  private final UInt128 ledgerId;
  private final OpenRuns runs;
  private final Consumer<HoldfastException> failed;
  private final Semaphore added = new Semaphore(1); // a crash may have come before a merge
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param failed is told once if runs could not be merged
   */
  Merger(
      Disk disk,
      Path directory,
      DataKey dataKey,
      UInt128 ledgerId,
      OpenRuns runs,
      Consumer<HoldfastException> failed) {
    this.disk = disk;
    this.directory = directory;
    this.dataKey = dataKey;
    this.ledgerId = ledgerId;
    this.runs = runs;
    this.failed = failed;
    this.thread = Thread.ofPlatform().name("holdfast-merge").daemon().unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  /** There is one run more. For any thread. */
  void added() {
    added.release();
  }

  private void work() {
    try {
      while (!closed) {
        if (added.tryAcquire(1, TimeUnit.SECONDS)) {
          added.drainPermits();
          mergeBelow(Integer.MAX_VALUE);
        }
      }
    } catch (Cancelled e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      failed.accept(DiskFaults.coded(e, directory));
    } catch (HoldfastException e) {
      failed.accept(e);
    } catch (Throwable t) {
      failed.accept(IndexFaults.failed(directory, t));
    }
  }

  /** Merges what is due of the levels below this one, the lowest first. */
  private void mergeBelow(int level) throws IOException {
    List<Run> due = due(runs.all());
    while (!due.isEmpty() && due.getFirst().level() < level) {
      merge(due);
      due = due(runs.all());
    }
  }

  /**
   * The oldest eight of the lowest level that has as many. Levels fall from the oldest run to the
   * newest.
   */
  static List<Run> due(List<Run> all) {
    int end = all.size();
    while (end > 0) {
      int level = all.get(end - 1).level();
      int from = end;
      while (from > 0 && all.get(from - 1).level() == level) {
        from--;
      }
      if (end - from >= MERGED) {
        return all.subList(from, from + MERGED);
      }
      end = from;
    }
    return List.of();
  }

  private void merge(List<Run> due) throws IOException {
    int level = due.getFirst().level();
    try {
      Path file =
          RunMerger.merge(disk, directory, due, dataKey, ledgerId, _ -> whileMerging(level));
      runs.replace(due, Run.open(disk, file, dataKey, ledgerId));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void whileMerging(int level) {
    if (closed) {
      throw new Cancelled();
    }
    try {
      mergeBelow(level);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The merge that goes on is given up; the next start deletes what it wrote. */
  private static final class Cancelled extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Gives up what is being merged. */
  @Override
  public void close() {
    closed = true;
    added();
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
