package io.holdfast.cluster;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftClientReply;

/**
 * Batches on their way through consensus on the node that leads, a few at a time: more would only
 * add latency, and a full log queue inside Ratis would stall votes and heartbeats.
 *
 * <p>When leadership is lost, Ratis fails what was appended although it may still commit. Such a
 * batch is kept: if it commits, this node applies it and its callers get their answer. As soon as
 * an entry of a later term is applied, all earlier ones were, so what is still unanswered then is
 * not in the log and is submitted again.
 */
final class LocalSubmission {
  /** What is unresolved for this long is submitted again all the same: ids make that safe. */
  private static final long RESUBMIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final BatchWriter writer;
  private final Consensus consensus;
  private final Leadership leadership;
  private final IngressQueue queue;
  private final int batchesMax;
  private final Semaphore permits;
  private final List<Unresolved> unresolved = new ArrayList<>(); // guarded by itself

  LocalSubmission(
      BatchWriter writer,
      Consensus consensus,
      Leadership leadership,
      IngressQueue queue,
      int batchesMax) {
    this.writer = writer;
    this.consensus = consensus;
    this.leadership = leadership;
    this.queue = queue;
    this.batchesMax = batchesMax;
    this.permits = new Semaphore(batchesMax);
  }

  private record Unresolved(List<Waiting> requests, long term, long sinceNanos) {}

  boolean tryAcquire() {
    return permits.tryAcquire();
  }

  /** Submits with a permit acquired before; returns whether there was anything to submit. */
  boolean submit(List<Waiting> requests) {
    if (requests.isEmpty()) {
      permits.release();
      return false;
    }
    if (!writer.prepare(requests)) {
      permits.release();
      queue.putBack(requests);
      return false;
    }
    requests.forEach(Waiting::handOn);
    byte[] sealed = writer.write(requests);
    CompletableFuture<RaftClientReply> future = consensus.append(sealed);
    if (future.isDone() && !succeeded(future)) {
      // Refused before it was appended: this node does not lead any more, or not yet.
      requests.forEach(Waiting::notTaken);
      permits.release();
      queue.putBack(requests);
      return false;
    }
    long term = leadership.term();
    future.whenComplete(
        (reply, failure) -> {
          permits.release();
          queue.wake();
          if (failure != null || !reply.isSuccess()) {
            keep(requests, term);
          }
        });
    return true;
  }

  private static boolean succeeded(CompletableFuture<RaftClientReply> future) {
    return !future.isCompletedExceptionally() && future.join().isSuccess();
  }

  private void keep(List<Waiting> requests, long term) {
    synchronized (unresolved) {
      unresolved.add(new Unresolved(requests, term, System.nanoTime()));
    }
  }

  /** An entry of this term was applied: what was appended in earlier terms is settled. */
  void termApplied(long term) {
    resubmit(entry -> entry.term() < term);
  }

  /** Submits again what has been unresolved for long. */
  void retry() {
    long now = System.nanoTime();
    resubmit(entry -> now - entry.sinceNanos() > RESUBMIT_NANOS);
  }

  private void resubmit(java.util.function.Predicate<Unresolved> settled) {
    synchronized (unresolved) {
      if (unresolved.isEmpty()) {
        return;
      }
      for (Iterator<Unresolved> i = unresolved.iterator(); i.hasNext(); ) {
        Unresolved entry = i.next();
        if (settled.test(entry)) {
          i.remove();
          queue.putBack(entry.requests());
        }
      }
    }
  }

  int batchesMax() {
    return batchesMax;
  }

  /** Batches handed to consensus and not yet answered. */
  int inFlight() {
    return batchesMax - permits.availablePermits();
  }

  /** Waits until nothing is in flight; returns whether that came about in time. */
  boolean drain(long millis) throws InterruptedException {
    if (!permits.tryAcquire(batchesMax, millis, TimeUnit.MILLISECONDS)) {
      return false;
    }
    permits.release(batchesMax);
    return true;
  }
}
