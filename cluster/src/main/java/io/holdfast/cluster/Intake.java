package io.holdfast.cluster;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Reply;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * Where requests come in, from this node's callers and from other nodes: each is registered to be
 * answered and waits in the queue, or is refused. Safe for use by many threads.
 */
final class Intake {
  private final Answers answers;
  private final IngressQueue queue;
  private final BooleanSupplier closed;

  /**
   * @param closed whether this node takes nothing any more
   */
  Intake(Answers answers, IngressQueue queue, BooleanSupplier closed) {
    this.answers = answers;
    this.queue = queue;
    this.closed = closed;
  }

  /** Takes a request; its answer comes by the same. */
  CompletableFuture<Reply> take(Waiting request) {
    if (closed.getAsBoolean()) {
      return CompletableFuture.failedFuture(Refusals.stopping());
    }
    answers.expect(request);
    try {
      queue.offer(request);
    } catch (HoldfastException e) {
      answers.fail(request, e);
    }
    return request.answer();
  }
}
