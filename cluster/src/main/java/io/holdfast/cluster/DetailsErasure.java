package io.holdfast.cluster;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.DetailsKeyName;
import io.holdfast.ledger.DetailsKeyState;
import io.holdfast.ledger.DetailsPeriod;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Has the keys of a period destroyed: through consensus, so that every node does it after the same
 * op, and returns when this node has done it, and the others too if they do it soon.
 */
final class DetailsErasure {
  /** What runs at all erases within a second. */
  private static final long OTHERS_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final long LOOK_AGAIN_MILLIS = 50;

  private final String self;
  private final Supplier<List<String>> others;
  private final Replica replica;
  private final DetailsKeyring keyring;
  private final ReadBarrier barrier;
  private final BiFunction<Request, Duration, CompletableFuture<Reply>> submit;

  DetailsErasure(
      String self,
      Supplier<List<String>> others,
      Replica replica,
      DetailsKeyring keyring,
      ReadBarrier barrier,
      BiFunction<Request, Duration, CompletableFuture<Reply>> submit) {
    this.self = self;
    this.others = others;
    this.replica = replica;
    this.keyring = keyring;
    this.barrier = barrier;
    this.submit = submit;
  }

  /** Destroys what there is of a period up to now; once more changes nothing. */
  ErasedDetails run(DetailsPeriod period, Duration deadline) {
    pass(deadline);
    List<DetailsKeyState> before = within(period);
    if (before.isEmpty()) {
      throw new HoldfastException(
          "unknown-period",
          "no details came in " + period.label(),
          "see which periods there are with: holdfast details keys");
    }
    if (!before.stream().allMatch(DetailsKeyState::destroyed)) {
      Reply reply = await(submit.apply(Request.destroyDetails(period), deadline), deadline);
      replica.applied().awaitOp(reply.op(), deadline);
    }
    keyring.settle();
    List<DetailsKeyState> destroyed =
        within(period).stream().filter(DetailsKeyState::destroyed).toList();
    List<String> pending = pendingOn(destroyed);
    List<String> erased = new ArrayList<>(List.of(self));
    erased.addAll(others.get());
    erased.removeAll(pending);
    DetailsKeyState last = destroyed.getLast();
    for (DetailsKeyState key : destroyed) {
      last = key.destroyedOp() > last.destroyedOp() ? key : last;
    }
    return new ErasedDetails(
        period.label(),
        last.destroyedOp(),
        last.destroyedAt(),
        destroyed.size(),
        destroyed.stream().mapToLong(DetailsKeyState::transfers).sum(),
        erased,
        pending);
  }

  /** Asks again while nobody leads, as after a start or a leader's end. */
  private void pass(Duration deadline) {
    long until = System.nanoTime() + deadline.toNanos();
    while (true) {
      try {
        await(barrier.pass(), deadline);
        return;
      } catch (HoldfastException e) {
        if (!e.code().equals("unavailable") || System.nanoTime() > until) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MILLIS));
      }
    }
  }

  private List<DetailsKeyState> within(DetailsPeriod period) {
    return replica.reads().detailsKeys().stream()
        .filter(key -> period.contains(key.name().period()))
        .toList();
  }

  private List<String> pendingOn(List<DetailsKeyState> destroyed) {
    Set<DetailsKeyName> names =
        destroyed.stream().map(DetailsKeyState::name).collect(Collectors.toSet());
    long until = System.nanoTime() + OTHERS_NANOS;
    List<String> pending = keyring.holders(names);
    try {
      while (!pending.isEmpty() && System.nanoTime() < until) {
        TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        pending = keyring.holders(names);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return pending;
  }

  private static <T> T await(CompletableFuture<T> future, Duration deadline) {
    try {
      return future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HoldfastException coded) {
        throw coded;
      }
      throw new HoldfastException(
          "unavailable", "the site did not answer: " + e.getCause(), "repeat it", e);
    } catch (TimeoutException e) {
      throw new HoldfastException(
          "timed-out",
          "no answer of the site in time: it may or may not have happened",
          "repeat it: once more changes nothing",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException("unavailable", "the node is stopping", "", e);
    }
  }
}
