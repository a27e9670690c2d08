package io.holdfast.journal;

import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Merges the runs of an index on a thread of its own, whenever there is one more. */
final class Merger implements AutoCloseable {
  private final RunTiers tiers;
  private final Path directory;
  private final Suspects suspects;
  private final Queue<Path> replaced = new ConcurrentLinkedQueue<>();
  private final Consumer<HoldfastException> failed;
  private final Semaphore added = new Semaphore(1); // a crash may have come before a merge
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param suspects is told of runs that are found damaged
   * @param failed is told once if runs could not be merged
   */
  Merger(RunTiers tiers, Path directory, Suspects suspects, Consumer<HoldfastException> failed) {
    this.tiers = tiers;
    this.directory = directory;
    this.suspects = suspects;
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

  /** Opens the run of a file that was replaced by what it should be. For any thread. */
  void reopen(Path file) {
    replaced.add(file);
    added();
  }

  /** What is damaged is merged once it is mended. */
  private void mergeOrReport() throws IOException {
    try {
      for (Path file = replaced.poll(); file != null; file = replaced.poll()) {
        tiers.reopen(file);
      }
      tiers.merge(() -> closed);
    } catch (DamagedFileException e) {
      suspects.report(e);
    }
  }

  private void work() {
    try {
      while (!closed) {
        if (added.tryAcquire(1, TimeUnit.SECONDS)) {
          added.drainPermits();
          mergeOrReport();
        }
      }
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
