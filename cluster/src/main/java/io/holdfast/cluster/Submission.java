package io.holdfast.cluster;

import io.holdfast.cluster.Waiting.Origin;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * The way of requests from this node into consensus: each is registered to be answered and waits in
 * the queue, or is refused; {@link Ingress} brings it from there to whichever node leads. Safe for
 * use by many threads.
 */
final class Submission implements AutoCloseable {
  private final long boot;
  private final Answers answers;
  private final IngressQueue queue;
  private final LocalSubmission local;
  private final Ingress ingress;
  private final BooleanSupplier closed;
  private final AtomicLong sequence = new AtomicLong();

  /**
   * @param closed whether this node takes nothing any more
   */
  Submission(
      long boot,
      Answers answers,
      IngressQueue queue,
      LocalSubmission local,
      Ingress ingress,
      BooleanSupplier closed) {
    this.boot = boot;
    this.answers = answers;
    this.queue = queue;
    this.local = local;
    this.ingress = ingress;
    this.closed = closed;
  }

  void start() {
    ingress.start();
  }

  /** Takes a request of this node's callers. */
  CompletableFuture<Reply> submit(Request request, Duration deadline) {
    Origin origin = new Origin(boot, sequence.incrementAndGet());
    return take(new Waiting(origin, request, System.nanoTime() + deadline.toNanos()));
  }

  /** Takes a request, wherever it is from. */
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

  /** Batches handed to consensus by this node and not yet answered. */
  int batchesInFlight() {
    return local.inFlight();
  }

  /** Events that wait on this node to be collected into a batch. */
  int queuedEvents() {
    return queue.events();
  }

  @Override
  public void close() {
    ingress.close();
  }
}
