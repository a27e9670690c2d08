package io.holdfast.client;

import io.holdfast.client.Verdict.Reading;
import io.holdfast.kernel.HoldfastException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call on its way: the same bytes to one gateway after the other until one answers or the
 * deadline passes. While an attempt gets no answer in time, the next gateway is asked as well, and
 * the first useful answer wins; a gateway is never asked twice at once.
 *
 * <p>A write that ends without an answer is {@code outcome-unknown} unless it is certain of every
 * attempt that it was not taken. Nothing is sent after the end.
 *
 * <p>Everything is guarded by the exchange itself; the result is completed on a thread of its own,
 * outside the guard.
 */
final class Exchange<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  /**
   * An attempt that took so many attempt timeouts is given up, and its gateway may be asked anew.
   */
  private static final int GIVE_UP_AFTER = 4;

  /** But not before a connection that cannot be made has failed by itself: that is certain. */
  private static final long GIVE_UP_LEAST_NANOS = 2 * Transport.CONNECT_TIMEOUT.toNanos();

  private final Exchanges shared;
  private final Transport transport;
  private final GatewayProbe probe;
  private final Gateways gateways;
  private final AttemptTimeout timeout;
  private final Call call;
  private final Reading<T> reading;
  private final long begun = System.nanoTime();
  private final long deadline;
  private final CompletableFuture<T> result = new CompletableFuture<>();

  private final List<Attempt> outstanding = new ArrayList<>(4);
  private int attempts;
  private int slow;
  private boolean maybeTaken;
  private boolean done;
  private @Nullable HoldfastException refusal;
  private String last = "no gateway could be asked";
  private @Nullable Future<?> alarm;

  Exchange(Exchanges shared, Call call, Reading<T> reading, long deadline) {
    this.shared = shared;
    this.transport = shared.transport();
    this.probe = shared.probe();
    this.gateways = shared.gateways();
    this.timeout = shared.timeout();
    this.call = call;
    this.reading = reading;
    this.deadline = deadline;
  }

  /** Sends it. The future fails with a {@link HoldfastException} alone. */
  CompletableFuture<T> start() {
    shared.begun(this);
    probe.wake();
    advance();
    return result;
  }

  /** Ends it now as if the deadline had passed. */
  synchronized void abandon() {
    if (!done) {
      expire();
    }
  }

  /** Does what is next: ask a gateway, or wait until there is something to do. */
  private synchronized void advance() {
    if (done) {
      return;
    }
    long now = System.nanoTime();
    if (now - deadline >= 0) {
      expire();
      return;
    }
    long patience = timeout.nanos(slow);
    long fresh = settleSlow(now, patience);
    patience = timeout.nanos(slow);
    if (fresh > 0) {
      wakeAt(now + fresh);
      return;
    }
    List<Gateway> asked = outstanding.stream().map(Attempt::gateway).toList();
    Gateway gateway = gateways.choose(asked, now);
    if (gateway == null) {
      wakeAt(now + patience);
    } else if (gateway.waitNanos(now) > 0) {
      wakeAt(now + gateway.waitNanos(now));
    } else {
      wakeAt(now + patience);
      ask(gateway, now);
    }
  }

  /** Marks gateways that did not answer in time; returns how long the newest attempt may take. */
  private long settleSlow(long now, long patience) {
    long fresh = 0;
    long giveUp = Math.max(patience * GIVE_UP_AFTER, GIVE_UP_LEAST_NANOS);
    for (Attempt attempt : List.copyOf(outstanding)) {
      long age = now - attempt.begun;
      if (age < patience) {
        fresh = Math.max(fresh, patience - age);
      } else if (!attempt.slow) {
        attempt.slow = true;
        slow++;
        last = attempt.gateway + " did not answer within " + age / 1_000_000 + " ms";
        LOG.debug("{}", last);
        attempt.gateway.slow();
        gateways.doesNotLead(attempt.gateway);
        probe.hurry();
      }
      if (age >= giveUp) {
        maybeTaken |= !attempt.withdraw();
        outstanding.remove(attempt);
        attempt.cancel();
      }
    }
    return fresh;
  }

  private void ask(Gateway gateway, long now) {
    Transport.Sending sending = transport.send(call, gateway, deadline - now);
    Attempt attempt = new Attempt(gateway, sending, now, attempts++ == 0);
    outstanding.add(attempt);
    var _ =
        sending
            .response()
            .whenComplete(
                (answer, failure) -> {
                  if (answer != null) {
                    ended(attempt, Verdict.of(answer, reading));
                  } else {
                    ended(attempt, Verdict.ofFailure(failure));
                  }
                });
  }

  private synchronized void ended(Attempt attempt, Verdict<T> verdict) {
    if (done || !outstanding.remove(attempt)) {
      return;
    }
    long now = System.nanoTime();
    Gateway gateway = attempt.gateway;
    switch (verdict) {
      case Verdict.Useful<T>(T value) -> {
        gateways.answered(gateway);
        if (attempt.first) {
          timeout.record(now - attempt.begun);
        }
        finish(() -> result.complete(value));
        return;
      }
      case Verdict.Final<T>(HoldfastException e) -> {
        // Only if no other attempt may have been taken is one gateway's word the whole truth.
        if (!call.write() || (!maybeTaken && outstanding.isEmpty())) {
          gateways.answered(gateway);
          finish(() -> result.completeExceptionally(e));
          return;
        }
        refusal = e;
        failed(gateway, now, e.message());
      }
      case Verdict.Overloaded<T>(HoldfastException e, long retryAfterNanos) -> {
        refusal = e;
        last = gateway + " is overloaded";
        gateway.overloaded(now, retryAfterNanos);
      }
      case Verdict.Leaderless<T>(HoldfastException e) -> {
        refusal = e;
        last = gateway + " knows no leader";
        gateway.notNow(now);
        gateways.doesNotLead(gateway);
        probe.hurry();
      }
      case Verdict.GaveUp<T>(String why) -> {
        maybeTaken |= !attempt.withdraw();
        last = gateway + ": " + why;
        gateway.notNow(now);
      }
      case Verdict.NotReached<T>(String why) -> failed(gateway, now, why);
      case Verdict.Broken<T>(String why) -> {
        maybeTaken |= !attempt.withdraw();
        failed(gateway, now, why);
      }
    }
    advance();
  }

  private void failed(Gateway gateway, long now, String why) {
    last = gateway + ": " + why;
    LOG.debug("{}", last);
    gateway.failed(now);
    gateways.doesNotLead(gateway);
    probe.hurry();
  }

  private void expire() {
    for (Attempt attempt : outstanding) {
      maybeTaken |= !attempt.withdraw();
    }
    boolean unknown = call.write() && maybeTaken;
    String tried =
        "no answer within "
            + (System.nanoTime() - begun) / 1_000_000
            + " ms, "
            + attempts
            + (attempts == 1 ? " attempt; " : " attempts; ")
            + last;
    HoldfastException end;
    if (unknown) {
      end = new HoldfastException("outcome-unknown", tried, "repeat with the same ids");
    } else if (refusal != null) {
      end =
          new HoldfastException(
              refusal.code(), refusal.message() + " (" + tried + ")", refusal.hint());
    } else {
      end = new HoldfastException("unavailable", tried, "check the gateways' addresses and nodes");
    }
    finish(() -> result.completeExceptionally(end));
  }

  private void finish(Runnable completion) {
    done = true;
    shared.ended(this);
    if (alarm != null) {
      alarm.cancel(false);
    }
    outstanding.forEach(Attempt::cancel);
    outstanding.clear();
    transport.run(completion);
  }

  private void wakeAt(long nanoTime) {
    if (alarm != null) {
      alarm.cancel(false);
    }
    alarm = transport.at(nanoTime - deadline < 0 ? nanoTime : deadline, this::advance);
  }

  /** One sending of the call to one gateway. */
  private static final class Attempt {
    private final Gateway gateway;
    private final Transport.Sending sending;
    private final long begun;
    private final boolean first;
    private boolean slow;

    Attempt(Gateway gateway, Transport.Sending sending, long begun, boolean first) {
      this.gateway = gateway;
      this.sending = sending;
      this.begun = begun;
      this.first = first;
    }

    Gateway gateway() {
      return gateway;
    }

    /** Whether it is certain that the gateway never gets it. */
    boolean withdraw() {
      return sending.withdraw();
    }

    void cancel() {
      sending.cancel();
    }
  }
}
