package io.holdfast.benchmarks;

import io.holdfast.client.HoldfastClient;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.TransferStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Sends the largest requests without pause, a few at a time, and counts what was acknowledged. */
final class BatchStream implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final long LATENCY_MAX_MICROS = 120_000_000;

  private final HoldfastClient client;
  private final BatchMaker maker;
  private final int inFlight;
  private final Semaphore room;
  private final LongAdder acknowledged = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final Histogram latencyMicros = new ConcurrentHistogram(LATENCY_MAX_MICROS, 3);
  private final Thread sender = Thread.ofPlatform().name("batch-stream").unstarted(this::send);
  private volatile boolean running = true;

  BatchStream(HoldfastClient client, BatchMaker maker, int inFlight) {
    this.client = client;
    this.maker = maker;
    this.inFlight = inFlight;
    this.room = new Semaphore(inFlight);
  }

  BatchStream start() {
    sender.start();
    return this;
  }

  private void send() {
    while (running) {
      Request request = maker.next();
      room.acquireUninterruptibly();
      long sent = System.nanoTime();
      CompletableFuture<Reply> _ =
          client
              .submit(request, DEADLINE)
              .whenComplete(
                  (reply, failure) -> {
                    latencyMicros.recordValue(
                        Math.min(LATENCY_MAX_MICROS, (System.nanoTime() - sent) / 1_000));
                    if (failure == null && allCreated(reply)) {
                      acknowledged.add(reply.count());
                    } else {
                      failed.increment();
                    }
                    room.release();
                  });
    }
  }

  static boolean allCreated(Reply reply) {
    for (int i = 0; i < reply.count(); i++) {
      if (reply.statusCode(i) != TransferStatus.CREATED.code()
          && reply.statusCode(i) != TransferStatus.EXISTS.code()) {
        return false;
      }
    }
    return true;
  }

  /** Transfers acknowledged so far. */
  long acknowledged() {
    return acknowledged.sum();
  }

  /** Requests that were not acknowledged. */
  long failed() {
    return failed.sum();
  }

  void forgetLatencies() {
    latencyMicros.reset();
  }

  double latencyMillis(double percentile) {
    return latencyMicros.getValueAtPercentile(percentile) / 1_000.0;
  }

  /** Sends no more and waits for the answers that are due. */
  @Override
  public void close() {
    running = false;
    try {
      sender.join();
      room.acquire(inFlight);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
