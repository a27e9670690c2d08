package io.holdfast.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Makes reads linearizable: a reader passes once this node has applied all that was acknowledged
 * anywhere before the reader came. One question to the leader at a time is under way; all readers
 * that come meanwhile share the next one. Safe for use by many threads.
 */
final class ReadBarrier {
  private final Supplier<CompletableFuture<?>> readIndex;
  private boolean underWay;
  private CompletableFuture<Void> next = new CompletableFuture<>();
  private boolean nextWanted;

  /**
   * @param readIndex asks consensus; completes when this node has applied what was committed then
   */
  ReadBarrier(Supplier<CompletableFuture<?>> readIndex) {
    this.readIndex = readIndex;
  }

  /** Completes when a read may begin; fails when no leader with a majority answered. */
  synchronized CompletableFuture<Void> pass() {
    nextWanted = true;
    CompletableFuture<Void> mine = next;
    if (!underWay) {
      begin();
    }
    return mine;
  }

  private synchronized void begin() {
    if (!nextWanted) {
      underWay = false;
      return;
    }
    CompletableFuture<Void> readers = next;
    next = new CompletableFuture<>();
    nextWanted = false;
    underWay = true;
    readIndex
        .get()
        .whenComplete(
            (answer, failure) -> {
              begin();
              if (failure == null) {
                readers.completeAsync(() -> null);
              } else {
                readers.completeExceptionally(failure);
              }
            });
  }
}
