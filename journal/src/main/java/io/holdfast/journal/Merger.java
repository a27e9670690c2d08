package io.holdfast.journal;

import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Merges the runs of an index on a thread of its own, whenever there is one more. */
final class Merger implements AutoCloseable {
  private final RunTiers tiers;
  private final Path directory;
  private final Consumer<HoldfastException> failed;
  private final Semaphore added = new Semaphore(1); // a crash may have come before a merge
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param failed is told once if runs could not be merged
   */
  Merger(RunTiers tiers, Path directory, Consumer<HoldfastException> failed) {
    this.tiers = tiers;
    this.directory = directory;
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
          tiers.merge(() -> closed);
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
