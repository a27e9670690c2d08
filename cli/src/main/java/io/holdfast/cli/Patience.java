package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Repeats what was not taken, or whose outcome is unknown, until it is answered or patience ends:
 * for calls that may be made twice.
 */
final class Patience {
  private static final Set<String> WORTH_REPEATING =
      Set.of("outcome-unknown", "no-leader", "overloaded", "unavailable");
  private static final long PAUSE_MILLIS = 200;

  private Patience() {}

  static <T> T on(Supplier<CompletableFuture<T>> call, Duration patience) {
    long start = System.nanoTime();
    while (true) {
      try {
        return Waiting.on(call.get());
      } catch (HoldfastException e) {
        if (!WORTH_REPEATING.contains(e.code()) || System.nanoTime() - start > patience.toNanos()) {
          throw e;
        }
        Waiting.pause(PAUSE_MILLIS);
      }
    }
  }
}
