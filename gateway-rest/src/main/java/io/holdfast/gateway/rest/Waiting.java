package io.holdfast.gateway.rest;

import io.helidon.webserver.CloseConnectionException;
import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the ledger, never longer than the caller does. */
final class Waiting {
  /** What the ledger gets beyond the caller's deadline to say itself how things stand. */
  private static final long GRACE_MILLIS = 500;

  private Waiting() {}

  /** The reply to a submitted request, or {@code outcome-unknown}. */
  static <T> T forOutcome(CompletableFuture<T> reply, Duration deadline) {
    return get(
        reply,
        deadline.toMillis() + GRACE_MILLIS,
        ErrorCode.OUTCOME_UNKNOWN,
        "no answer within "
            + deadline.toMillis()
            + " ms: the events may or may not be in the ledger");
  }

  /** What was read, or {@code unavailable}. */
  static <T> T forRead(CompletableFuture<T> read, Duration deadline) {
    return get(
        read,
        deadline.toMillis(),
        ErrorCode.UNAVAILABLE,
        "the read was not answered within " + deadline.toMillis() + " ms");
  }

  private static <T> T get(
      CompletableFuture<T> future, long millis, ErrorCode late, String detail) {
    try {
      return future.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw Refusal.of(late, detail, late.hint());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CloseConnectionException("the gateway stops", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case HoldfastException refused -> throw refused;
        case RuntimeException fault -> throw fault;
        case Error fault -> throw fault;
        case null, default -> throw new IllegalStateException("the ledger's answer failed", e);
      }
    }
  }
}
