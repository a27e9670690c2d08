package io.holdfast.cluster;

import io.holdfast.kernel.HoldfastException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way out when a node must not go on: told once, to whoever halts the process. After that
 * nothing is applied and nothing is answered any more. Safe for use by many threads.
 */
final class Fatal {
  private final Consumer<HoldfastException> halt;
  private final AtomicReference<@Nullable HoldfastException> cause = new AtomicReference<>();

  Fatal(Consumer<HoldfastException> halt) {
    this.halt = halt;
  }

  /** Halts; only the first cause is reported. */
  void raise(HoldfastException reason) {
    if (cause.compareAndSet(null, reason)) {
      halt.accept(reason);
    }
  }

  /**
   * Runs a callback of consensus; whatever it throws halts the node, for a skipped batch is worse.
   */
  <T extends @Nullable Object> T guard(String callback, Supplier<T> body) {
    HoldfastException earlier = cause.get();
    if (earlier != null) {
      throw new HaltedException(earlier);
    }
    try {
      return body.get();
    } catch (Throwable t) {
      HoldfastException reason =
          t instanceof HoldfastException coded
              ? coded
              : new HoldfastException(
                  "state-machine-failed",
                  "the state machine failed in " + callback + ": " + t,
                  "the node stopped itself so that no batch is skipped; keep its directory and logs,"
                      + " and restart it: it replays its log",
                  t);
      raise(reason);
      throw new HaltedException(reason);
    }
  }

  void guard(String callback, Runnable body) {
    guard(
        callback,
        () -> {
          body.run();
          return true;
        });
  }

  boolean raised() {
    return cause.get() != null;
  }

  /** Whether it was for this reason. */
  boolean raised(String code) {
    HoldfastException reason = cause.get();
    return reason != null && reason.code().equals(code);
  }

  /** Thrown to consensus after the node was halted; it never acknowledges anything. */
  static final class HaltedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HaltedException(HoldfastException cause) {
      super(cause.message(), cause);
    }
  }
}
