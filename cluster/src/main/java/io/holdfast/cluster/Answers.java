package io.holdfast.cluster;

import io.holdfast.cluster.Waiting.Origin;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.Reply;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for what. The apply thread hands in the results of each batch; whoever waits here for
 * one of its requests gets them, on a thread of its own so that callers never run on the apply
 * thread. Bounded by the bound on what is taken in. Safe for use by many threads.
 */
final class Answers implements AutoCloseable {
  private final ConcurrentHashMap<Origin, Waiting> waiting = new ConcurrentHashMap<>();
  private final ExecutorService completer =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("holdfast-answers").daemon().factory());

  /** Registers a request; one that is registered twice (it came again) answers both. */
  void expect(Waiting request) {
    Waiting earlier = waiting.put(request.origin(), request);
    if (earlier != null) {
      request
          .answer()
          .whenComplete(
              (reply, failure) -> {
                if (failure == null) {
                  earlier.answer().complete(reply);
                } else {
                  earlier.answer().completeExceptionally(failure);
                }
              });
    }
  }

  /**
   * Apply thread: gives each request of an applied batch that is waited for its part of the
   * results.
   */
  void deliver(MemorySegment batch, MemorySegment results, long op) {
    List<Runnable> ready = new ArrayList<>();
    int requests = Batch.requestCount(batch);
    long at = Batch.HEADER_BYTES;
    int event = 0;
    for (int i = 0; i < requests; i++) {
      int count = Batch.requestEventCount(batch, at);
      Waiting request = waitingFor(Batch.originBoot(batch, at), Batch.originSequence(batch, at));
      if (request != null) {
        Reply reply = new Reply(op, slice(results, event, count));
        ready.add(() -> request.answer().complete(reply));
      }
      event += count;
      at += Batch.REQUEST_HEADER_BYTES + Batch.requestLength(batch, at);
    }
    if (!ready.isEmpty()) {
      completer.execute(() -> ready.forEach(Runnable::run));
    }
  }

  private static byte[] slice(MemorySegment results, int event, int count) {
    byte[] slice = new byte[count * Reply.RESULT_BYTES];
    MemorySegment.copy(
        results, ValueLayout.JAVA_BYTE, (long) event * Reply.RESULT_BYTES, slice, 0, slice.length);
    return slice;
  }

  private @Nullable Waiting waitingFor(long boot, long sequence) {
    return waiting.isEmpty() ? null : waiting.remove(new Origin(boot, sequence));
  }

  /** The answer came by another way than by applying it here. */
  void complete(Waiting request, Reply reply) {
    waiting.remove(request.origin(), request);
    request.answer().complete(reply);
  }

  /** Gives up one request. */
  void fail(Waiting request, HoldfastException reason) {
    waiting.remove(request.origin(), request);
    request.answer().completeExceptionally(reason);
  }

  /**
   * Fails what is past its deadline: not taken if it never left this node's queue, else unknown.
   *
   * @param leaderless whether no node has led for long: then what was not taken yet needs not wait
   */
  void expire(long nowNanos, boolean leaderless) {
    for (Waiting request : waiting.values()) {
      if (request.deadlineNanos() - nowNanos <= 0 || (leaderless && !request.handedOn())) {
        fail(request, request.handedOn() ? Refusals.outcomeUnknown() : Refusals.noLeader());
      }
    }
  }

  int size() {
    return waiting.size();
  }

  @Override
  public void close() {
    for (Waiting request : waiting.values()) {
      fail(request, request.handedOn() ? Refusals.outcomeUnknown() : Refusals.stopping());
    }
    completer.shutdown();
    try {
      if (!completer.awaitTermination(2, TimeUnit.SECONDS)) {
        completer.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
