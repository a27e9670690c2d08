package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Generation;
import java.io.IOException;
import java.nio.file.Path;
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
  /** Complete generations that wait; the ledger waits for the indexer beyond that. */
  private static final int WAITING_MAX = 3;

  private static final long POLL_MILLIS = 5;

  private final Path directory;
  private final RunTiers tiers;
  private final OpPlaces places;
  private final OpenRuns runs;
  private final LongPredicate isDurable;
  private final Consumer<HoldfastException> failed;
  private final RunBuilder builder = new RunBuilder(1024);
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final ConcurrentLinkedQueue<Generation> done = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final @Nullable Merger merger;
  private final @Nullable Thread thread;
  private volatile boolean closed;

  /**
   * @param isDurable whether the entry of an op is on disk in the journal
   * @param failed is told once if a run could not be made
   * @param ownThread false when the caller's thread is to do all of it, at once, and fails with it
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
      Consumer<HoldfastException> failed,
      boolean ownThread) {
    this.directory = directory;
    this.tiers = new RunTiers(disk, directory, dataKey, ledgerId, runs);
    this.places = places;
    this.runs = runs;
    this.isDurable = isDurable;
    this.failed = failed;
    this.merger = ownThread ? new Merger(tiers, directory, suspects, failed) : null;
    this.thread =
        ownThread
            ? Thread.ofPlatform().name("holdfast-index").daemon().unstarted(this::work)
            : null;
  }

  void start() {
    if (thread != null && merger != null) {
      thread.start();
      merger.start();
    } else {
      mergeOrFail(); // a crash may have come before it
    }
  }

  /** Takes a complete generation; waits while too many are waiting. */
  void index(Generation generation) {
    waiting.incrementAndGet();
    give(() -> indexOrFail(generation));
    while (waiting.get() > WAITING_MAX && !closed && thread != null && thread.isAlive()) {
      pause();
    }
  }

  private void give(Runnable task) {
    if (thread == null) {
      task.run();
    } else {
      tasks.add(task);
    }
  }

  /** The next generation that has its run; null while none has. */
  @Nullable Generation indexed() {
    return done.poll();
  }

  /** Runs something when what was given before is done. */
  void then(Runnable task) {
    give(task);
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
      failed.accept(IndexFaults.failed(directory, t));
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
        if (merger != null) {
          merger.added();
        } else {
          tiers.merge(() -> closed);
        }
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
      tiers.merge(() -> closed);
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

  /** Opens the run of a file that was replaced. */
  void reopen(Path file) {
    if (merger != null) {
      merger.reopen(file);
    }
  }

  /**
   * Makes the run of a generation. Of its first ops a run may tell already that was made when
   * generations had another size: then it is one of the others.
   */
  private void build(Generation generation) throws IOException {
    long from = generation.firstOp();
    long movement = generation.firstMovement();
    if (runs.lastOp() >= from) {
      Run last = runs.all().getLast();
      from = last.lastOp() + 1;
      movement = last.firstMovement() + last.movements();
    }
    builder.begin(from, movement);
    generation.visit(new GenerationRows(builder, places, from));
    tiers.add(builder);
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
    if (merger != null) {
      merger.close();
    }
    if (thread != null) {
      tasks.add(() -> {}); // so that it looks at once whether it is closed
    }
    boolean interrupted = false;
    while (thread != null && thread.isAlive()) {
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
