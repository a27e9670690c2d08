package io.holdfast.cluster;

import io.holdfast.ledger.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Batches on their way from this node to the one that leads. When the leader changes, what is under
 * way to the old one is given up and goes to the new one with the same ids and origin: if the old
 * one had appended it after all, this node learns so by applying it.
 */
final class RemoteSubmission {
  static final int CALLS_MAX = 4;

  private final BiFunction<String, List<Waiting>, CompletableFuture<List<Outcome>>> call;
  private final IngressQueue queue;
  private final Answers answers;
  private final Semaphore permits = new Semaphore(CALLS_MAX);
  private final Set<Call> underWay = ConcurrentHashMap.newKeySet();

  /**
   * @param call sends requests to a node; completes with an outcome for each, or fails when nothing
   *     is known
   */
  RemoteSubmission(
      BiFunction<String, List<Waiting>, CompletableFuture<List<Outcome>>> call,
      IngressQueue queue,
      Answers answers) {
    this.call = call;
    this.queue = queue;
    this.answers = answers;
  }

  /** What the leader's node said of one request. */
  sealed interface Outcome {
    record Answered(Reply reply) implements Outcome {}

    /** Not taken: that node does not lead. */
    record NotLeader() implements Outcome {}

    /** Not taken: its queue is full. */
    record Overloaded() implements Outcome {}

    /** It can't tell. */
    record Unknown() implements Outcome {}
  }

  private record Call(
      String leader, List<Waiting> requests, CompletableFuture<List<Outcome>> future) {}

  boolean tryAcquire() {
    return permits.tryAcquire();
  }

  /** Calls that were not answered yet. */
  int inFlight() {
    return CALLS_MAX - permits.availablePermits();
  }

  /** Sends with a permit acquired before; returns whether there was anything to send. */
  boolean submit(String leader, List<Waiting> requests) {
    if (requests.isEmpty()) {
      permits.release();
      return false;
    }
    requests.forEach(Waiting::handOn);
    CompletableFuture<List<Outcome>> future = call.apply(leader, requests);
    Call entry = new Call(leader, requests, future);
    underWay.add(entry);
    future.whenComplete(
        (outcomes, failure) -> {
          underWay.remove(entry);
          permits.release();
          queue.wake();
          if (failure != null) {
            queue.putBack(requests);
          } else {
            settle(requests, outcomes);
          }
        });
    return true;
  }

  private void settle(List<Waiting> requests, List<Outcome> outcomes) {
    List<Waiting> again = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      Waiting request = requests.get(i);
      switch (outcomes.get(i)) {
        case Outcome.Answered answered -> {
          // Of one that may be in the log twice, this may be what became of the second: the first,
          // which counts, is answered when it is applied here.
          if (!request.handedOnAgain()) {
            answers.complete(request, answered.reply());
          }
        }
        case Outcome.NotLeader _ -> {
          request.notTaken();
          again.add(request);
        }
        case Outcome.Overloaded _ -> {
          request.notTaken();
          if (request.handedOn()) {
            again.add(request); // an earlier try may be in the log: not "not taken"
          } else {
            answers.fail(request, Refusals.overloadedLeader());
          }
        }
        case Outcome.Unknown _ -> again.add(request);
      }
    }
    if (!again.isEmpty()) {
      queue.putBack(again);
    }
  }

  /** Gives up calls to any node but this leader; null keeps them, for nobody else leads yet. */
  void abandonUnless(@Nullable String leader) {
    if (leader == null || underWay.isEmpty()) {
      return;
    }
    for (Call entry : underWay) {
      if (!entry.leader().equals(leader)) {
        entry.future().cancel(true);
      }
    }
  }
}
