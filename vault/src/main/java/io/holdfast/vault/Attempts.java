package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls a store until it answers, for a bounded time: each attempt has its own bound, and between
 * two there is a pause that doubles, drawn by lot so that those who failed together don't come
 * again together. For any thread.
 *
 * <p>An attempt runs on a virtual thread, for there an interrupt ends a read or write that hangs.
 */
final class Attempts {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int MILLIS_PER_SECOND = 1_000;

  /**
   * How long a store is waited for.
   *
   * @param firstMillis attempts are made for so long, until the store has answered once: who
   *     mistyped an address does not want to wait
   * @param totalMillis attempts are made for so long after that
   * @param attemptMillis one attempt takes no longer, but for what it carries
   * @param bytesPerSecondMin a link that carries less is taken for broken
   * @param pauseMillis the first pause, at most
   * @param pauseMaxMillis all pauses, at most
   */
  record Patience(
      long firstMillis,
      long totalMillis,
      long attemptMillis,
      long bytesPerSecondMin,
      long pauseMillis,
      long pauseMaxMillis) {
    /** A store that is restarted is back within a minute; a backup resumes where it failed. */
    static final Patience DEFAULT = new Patience(10_000, 60_000, 20_000, 128 << 10, 200, 5_000);

    long attemptMillis(long bytes) {
      return attemptMillis + bytes * MILLIS_PER_SECOND / bytesPerSecondMin;
    }
  }

  /** One attempt; says by what it throws whether it is worth another. */
  interface Attempt<T> {
    /**
     * @param number 1 for the first
     */
    T make(int number) throws Exception;
  }

  /** Tells failures apart. */
  interface Judge {
    /** What a failure means for the caller, or null when another attempt may be answered. */
    @Nullable HoldfastException finalFault(Throwable failure);

    /** What it means for the caller when there was no time for another attempt. */
    HoldfastException unavailable(@Nullable Throwable failure, int attempts, long millis);
  }

  private final Patience patience;
  private final Judge judge;
  private volatile boolean answered;

  Attempts(Patience patience, Judge judge) {
    this.patience = patience;
    this.judge = judge;
  }

  /** Whether the store has ever answered. */
  boolean answered() {
    return answered;
  }

  /**
   * @param bytes that the call carries, one way or the other, at most
   */
  <T> T call(long bytes, Attempt<T> attempt) {
    long start = System.nanoTime();
    long pauseMax = patience.pauseMillis();
    for (int number = 1; ; number++) {
      Throwable failure;
      try {
        T result = bounded(attempt, number, patience.attemptMillis(bytes));
        answered = true;
        return result;
      } catch (ExecutionException e) {
        failure = e.getCause() == null ? e : e.getCause();
      } catch (TimeoutException e) {
        failure = e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw judge.unavailable(e, number, millisSince(start));
      }
      HoldfastException fault = judge.finalFault(failure);
      if (fault != null) {
        answered = true;
        throw fault;
      }
      long left = (answered ? patience.totalMillis() : patience.firstMillis()) - millisSince(start);
      long pause = ThreadLocalRandom.current().nextLong(pauseMax / 2, pauseMax + 1);
      if (left < pause || !slept(pause)) {
        throw judge.unavailable(failure, number, millisSince(start));
      }
      pauseMax = Math.min(2 * pauseMax, patience.pauseMaxMillis());
    }
  }

  private static <T> T bounded(Attempt<T> attempt, int number, long millis)
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .name("repository-attempt")
            .start(
                () -> {
                  try {
                    result.complete(attempt.make(number));
                  } catch (Throwable e) {
                    result.completeExceptionally(e);
                  }
                });
    try {
      return result.get(millis, TimeUnit.MILLISECONDS);
    } finally {
      if (!result.isDone()) {
        thread.interrupt();
      }
    }
  }

  private static boolean slept(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static long millisSince(long startNanos) {
    return (System.nanoTime() - startNanos) / NANOS_PER_MILLI;
  }
}
