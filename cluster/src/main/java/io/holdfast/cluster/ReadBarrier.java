package io.holdfast.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Makes reads linearizable: a reader passes once this node has applied all that was acknowledged
 * anywhere before the reader came. One question to the leader at a time is under way; all readers
 * that come meanwhile share the next one. Safe for use by many threads.
 *
 * <p>Questions are asked on a thread of their own: consensus answers them while it holds locks that
 * asking takes, and asking blocks. Asked from where the last answer arrives, two threads would wait
 * for each other, and the node would neither step down nor vote ever again.
 */
final class ReadBarrier {
  private final Supplier<CompletableFuture<?>> readIndex;
  private final Executor asking;
  private boolean underWay;
  private CompletableFuture<Void> next = new CompletableFuture<>();
  private boolean nextWanted;

  /**
   * @param readIndex asks consensus; completes when this node has applied what was committed then
   * @param asking one thread, which is blocked while consensus takes the question
   */
  ReadBarrier(Supplier<CompletableFuture<?>> readIndex, Executor asking) {
    this.readIndex = readIndex;
    this.asking = asking;
  }

  /** Completes when a read may begin; fails when no leader with a majority answered. */
  synchronized CompletableFuture<Void> pass() {
    nextWanted = true;
    CompletableFuture<Void> mine = next;
    if (!underWay) {
      underWay = true;
      asking.execute(this::ask);
    }
    return mine;
  }

  private void ask() {
    CompletableFuture<Void> readers = readersOfNext();
    CompletableFuture<?> question;
    try {
      question = readIndex.get();
    } catch (RuntimeException e) {
      question = CompletableFuture.failedFuture(e);
    }
    question.whenComplete(
        (answer, failure) -> {
          answered();
          if (failure == null) {
            readers.completeAsync(() -> null);
          } else {
            readers.completeExceptionally(failure);
          }
        });
  }

  private synchronized CompletableFuture<Void> readersOfNext() {
    CompletableFuture<Void> readers = next;
    next = new CompletableFuture<>();
    nextWanted = false;
    return readers;
  }

  private synchronized void answered() {
    underWay = nextWanted;
    if (nextWanted) {
      asking.execute(this::ask);
    }
  }
}
