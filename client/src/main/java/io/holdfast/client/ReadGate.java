package io.holdfast.client;

import io.holdfast.client.Verdict.Reading;
import io.holdfast.kernel.HoldfastException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a bounded number of reads in flight, each on a connection of its own, and a bounded number
 * waiting; more are refused with code {@code overloaded}. Guarded by itself.
 */
final class ReadGate {
  private static final int IN_FLIGHT_MAX = 64;
  private static final int WAITING_MAX = 8_192;

  private final Exchanges exchanges;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private int inFlight;
  private boolean closed;

  ReadGate(Exchanges exchanges) {
    this.exchanges = exchanges;
  }

  /** Sends it as soon as there is a place; the time that it waits counts. */
  <T> CompletableFuture<T> send(Call call, Reading<T> reading, long deadline) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Runnable start =
        () -> {
          var _ =
              exchanges
                  .of(call, reading, deadline)
                  .start()
                  .whenComplete(
                      (value, failure) -> {
                        free();
                        if (failure == null) {
                          result.complete(value);
                        } else {
                          result.completeExceptionally(failure);
                        }
                      });
        };
    HoldfastException refusal = enter(start);
    if (refusal != null) {
      result.completeExceptionally(refusal);
    }
    return result;
  }

  private @Nullable HoldfastException enter(Runnable start) {
    synchronized (this) {
      if (closed) {
        return new HoldfastException("closed", "the client is closed", "build another one");
      }
      if (inFlight == IN_FLIGHT_MAX) {
        if (waiting.size() == WAITING_MAX) {
          return new HoldfastException(
              "overloaded",
              WAITING_MAX + " reads wait to be sent, which is as many as may",
              "wait for answers before asking more");
        }
        waiting.add(start);
        return null;
      }
      inFlight++;
    }
    start.run();
    return null;
  }

  private void free() {
    Runnable next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        inFlight--;
        notifyAll();
      }
    }
    if (next != null) {
      next.run();
    }
  }

  /** Takes nothing more and waits until every read has its answer, at most until the end. */
  synchronized void close(long end) {
    closed = true;
    try {
      for (long left = end - System.nanoTime();
          inFlight > 0 && left > 0;
          left = end - System.nanoTime()) {
        wait(left / 1_000_000 + 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
