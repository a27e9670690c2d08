package io.holdfast.cluster;

import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A request on its way: from the moment a node took it until its answer is known. Named by its
 * origin, the boot of the node that took it and a number counted up there, which travels in the
 * batch, so that whichever node applies the batch can tell whether somebody there waits for it.
 */
final class Waiting {
  private final Origin origin;
  private final Request request;
  private final long deadlineNanos; // monotonic
  private final long sinceNanos = System.nanoTime();
  private final CompletableFuture<Reply> answer = new CompletableFuture<>();
  private final AtomicInteger appends = new AtomicInteger();

  Waiting(Origin origin, Request request, long deadlineNanos) {
    this.origin = origin;
    this.request = request;
    this.deadlineNanos = deadlineNanos;
  }

  /** Who waits: unique over all nodes and boots of a site. */
  record Origin(long boot, long sequence) {}

  Origin origin() {
    return origin;
  }

  Request request() {
    return request;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  /** Since when it waits; monotonic. */
  long sinceNanos() {
    return sinceNanos;
  }

  CompletableFuture<Reply> answer() {
    return answer;
  }

  boolean isDone() {
    return answer.isDone();
  }

  /** From now on it may be in the log: without an answer its outcome is unknown. */
  void handOn() {
    appends.incrementAndGet();
  }

  /** The last time it was handed on, it was certainly not taken. */
  void notTaken() {
    appends.decrementAndGet();
  }

  /** Whether it may be in the log. */
  boolean handedOn() {
    return appends.get() > 0;
  }

  /** Whether it may be in the log more than once. */
  boolean handedOnAgain() {
    return appends.get() > 1;
  }
}
