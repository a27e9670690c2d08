package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A few tasks at once, and no more waiting: who hands in one more waits for a place, so that what
 * they hold is bounded. The first that fails ends all. For one thread that hands in.
 */
final class InFlight<T> implements AutoCloseable {
  private static final long STOPPED_WITHIN_SECONDS = 60;

  private final ExecutorService threads;
  private final Semaphore places;
  private final List<Future<T>> all = new ArrayList<>();
  private volatile @Nullable Throwable failure;

  InFlight(String name, int atOnce) {
    this.threads =
        Executors.newFixedThreadPool(atOnce, Thread.ofPlatform().name(name, 0).factory());
    this.places = new Semaphore(atOnce);
  }

  /** Waits for a place; throws what an earlier task threw. */
  void submit(Callable<T> task) throws IOException {
    try {
      places.acquire();
    } catch (InterruptedException e) {
      throw interrupted();
    }
    if (failure != null) {
      places.release();
      throw thrown(failure);
    }
    all.add(
        threads.submit(
            () -> {
              try {
                return task.call();
              } catch (Throwable t) {
                failure = failure == null ? t : failure;
                throw t;
              } finally {
                places.release();
              }
            }));
  }

  /** Whether a task failed, so that others need not go on. */
  boolean failed() {
    return failure != null;
  }

  /** All results, in the order in which tasks were handed in; throws what a task threw. */
  List<T> finish() throws IOException {
    List<T> results = new ArrayList<>();
    for (Future<T> one : all) {
      try {
        results.add(one.get());
      } catch (InterruptedException e) {
        throw interrupted();
      } catch (ExecutionException e) {
        Throwable first = failure;
        throw thrown(first == null ? e : first);
      }
    }
    all.clear();
    return results;
  }

  private static RuntimeException thrown(Throwable failure) throws IOException {
    return switch (failure) {
      case IOException e -> throw e;
      case UncheckedIOException e -> throw new IOException(e);
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(failure);
    };
  }

  private static HoldfastException interrupted() {
    Thread.currentThread().interrupt();
    return new HoldfastException(
        "interrupted", "interrupted", "run it again; it goes on with what is there");
  }

  /** Ends what is still at work, and waits until it has ended. */
  @Override
  public void close() {
    if (failure == null) {
      failure = new IllegalStateException("closed");
    }
    threads.shutdownNow();
    try {
      var _ = threads.awaitTermination(STOPPED_WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
