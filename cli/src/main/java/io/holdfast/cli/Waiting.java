package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits in a command's own thread; an interrupt ends the command. */
final class Waiting {
  private Waiting() {}

  /** The future's value; a {@link HoldfastException} that it failed with is thrown as it is. */
  static <T> T on(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HoldfastException refused) {
        throw refused;
      }
      throw new IllegalStateException(e.getCause());
    } catch (CancellationException e) {
      throw interrupted(e);
    }
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    }
  }

  private static HoldfastException interrupted(Exception cause) {
    return new HoldfastException("interrupted", "interrupted while waiting", "", cause);
  }
}
