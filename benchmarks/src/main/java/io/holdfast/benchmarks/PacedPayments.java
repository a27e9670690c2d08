package io.holdfast.benchmarks;

import io.holdfast.client.HoldfastClient;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Payments at a fixed rate, whatever the site does with them: each few milliseconds a request falls
 * due, and what it takes counts from then. So a site that stands still for a moment is seen with
 * all the requests that fell due meanwhile. Measured are stretches of time, one after the other.
 */
final class PacedPayments implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  /** Nodes that have just started would be run over: they are slow until their code is compiled. */
  private static final int FIRST_SLOWER = 20;

  /** So that the full rate is reached in some twenty seconds: {@code every} times this and 19. */
  private static final int SOONER = 200;

  private final HoldfastClient client;
  private final BatchMaker maker;
  private final long everyNanos;
  private final long firstNanos;
  private final Thread sender = Thread.ofPlatform().name("paced-payments").unstarted(this::send);
  private final NavigableMap<Long, Long> acknowledged = new ConcurrentSkipListMap<>();
  private final LongAdder requests = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private volatile Stretch stretch = new Stretch();
  private volatile boolean running = true;

  PacedPayments(HoldfastClient client, BatchMaker maker, Duration every) {
    this.client = client;
    this.maker = maker;
    this.everyNanos = every.toNanos();
    this.firstNanos = every.multipliedBy(FIRST_SLOWER).toNanos();
  }

  PacedPayments start() {
    sender.start();
    return this;
  }

  /** What falls due from now on is measured there. */
  void measure(Stretch now) {
    stretch = now;
  }

  private void send() {
    long began = System.nanoTime();
    long due = began;
    while (running) {
      Request request = maker.next();
      due += Math.max(everyNanos, firstNanos - (due - began) / SOONER);
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      Stretch measured = stretch;
      long counted = due;
      requests.increment();
      CompletableFuture<Reply> _ =
          client
              .submit(request, DEADLINE)
              .whenComplete(
                  (reply, failure) -> {
                    measured.add(System.nanoTime() - counted);
                    if (failure == null && BatchStream.allCreated(reply)) {
                      acknowledged.put(reply.op(), wallNanos());
                    } else {
                      failed.increment();
                    }
                    answered.increment();
                  });
    }
  }

  private static long wallNanos() {
    return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
  }

  /** When an op was acknowledged, in nanoseconds since 1970, of those that hold payments. */
  NavigableMap<Long, Long> acknowledged() {
    return acknowledged;
  }

  /** Requests that were not acknowledged. */
  long failed() {
    return failed.sum();
  }

  /** Sends no more and waits for the answers that are due. */
  @Override
  public void close() {
    running = false;
    try {
      sender.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    while (answered.sum() < requests.sum()) {
      LockSupport.parkNanos(everyNanos);
    }
  }
}
