package io.holdfast.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Makes reads linearizable: a reader passes once this node has applied all that was acknowledged
 * anywhere before the reader came. One question to the leader at a time is under way; all readers
 * that come meanwhile share the next one. Safe for use by many threads.
 *
 * <p>Consensus completes an answer while it holds locks of its own, so nothing may be asked of it
 * on that thread: a leader that steps down at that moment would wait for the reader, and the reader
 * for the leader. The next question and the readers go on in the executor.
 */
final class ReadBarrier {
  private final Supplier<CompletableFuture<?>> readIndex;
  private final Executor executor;
  private boolean underWay;
  private CompletableFuture<Void> next = new CompletableFuture<>();
  private boolean nextWanted;

  /**
   * @param readIndex asks consensus; completes when this node has applied what was committed then
   * @param executor where the next question is asked and readers are let through
   */
  ReadBarrier(Supplier<CompletableFuture<?>> readIndex, Executor executor) {
    this.readIndex = readIndex;
    this.executor = executor;
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
        .whenCompleteAsync(
            (answer, failure) -> {
              begin();
              if (failure == null) {
                readers.complete(null);
              } else {
                readers.completeExceptionally(failure);
              }
            },
            executor);
  }
}
