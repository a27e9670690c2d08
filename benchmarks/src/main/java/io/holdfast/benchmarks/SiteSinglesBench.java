package io.holdfast.benchmarks;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.Outcome;
import io.holdfast.drill.Deadline;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Single transfers through the Java client, which collects what is waiting. */
final class SiteSinglesBench implements Benchmark {
  private static final long LATENCY_MAX_MICROS = 120_000_000;

  private final LongAdder acknowledged = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final Histogram latencyMicros = new ConcurrentHistogram(LATENCY_MAX_MICROS, 3);
  private volatile boolean running = true;

  @Override
  public String name() {
    return "site-singles";
  }

  @Override
  public String what() {
    return "three nodes, single transfers through the Java client: transfers/s"
        + " (warmup=25 seconds=20 in_flight=4096 requests=4 accounts=10000)";
  }

  @Override
  public Figures run(Options options) throws Exception {
    int inFlight = options.number("in_flight", 4_096);
    int accounts = options.number("accounts", 10_000);
    try (BenchSite site = BenchSite.start(options);
        HoldfastClient client =
            site.client(Duration.ofSeconds(60), options.number("requests", 4))) {
      BenchAccounts.open(client, accounts);
      Semaphore room = new Semaphore(inFlight);
      Thread sender = Thread.ofPlatform().start(() -> send(client, room, accounts));
      Deadline.letPass(options.seconds("warmup", 25));
      latencyMicros.reset();
      long before = acknowledged.sum();
      long from = System.nanoTime();
      Deadline.letPass(options.seconds("seconds", 20));
      long transfers = acknowledged.sum() - before;
      double seconds = (System.nanoTime() - from) / 1e9;
      Figures figures =
          new Figures()
              .put("transfers_per_s", Math.round(transfers / seconds))
              .put("p50_ms", latencyMicros.getValueAtPercentile(50) / 1_000.0)
              .put("p99_ms", latencyMicros.getValueAtPercentile(99) / 1_000.0)
              .put("max_ms", latencyMicros.getMaxValue() / 1_000.0)
              .put("in_flight", inFlight)
              .put("failed", failed.sum())
              .put("measured_s", seconds);
      running = false;
      sender.join();
      room.acquire(inFlight);
      return figures;
    }
  }

  private void send(HoldfastClient client, Semaphore room, int accounts) {
    SplittableRandom random = new SplittableRandom(1);
    for (long id = 1; running; id++) {
      int debit = random.nextInt(accounts);
      int credit = (debit + 1 + random.nextInt(accounts - 1)) % accounts;
      Transfer transfer =
          Transfer.payment(
              UInt128.of(id),
              UInt128.of(debit + 1L),
              UInt128.of(credit + 1L),
              1,
              BenchAccounts.LEDGER,
              BenchAccounts.CODE);
      room.acquireUninterruptibly();
      long sent = System.nanoTime();
      CompletableFuture<Outcome> _ =
          client
              .transfer(transfer)
              .whenComplete(
                  (outcome, failure) -> {
                    latencyMicros.recordValue(
                        Math.min(LATENCY_MAX_MICROS, (System.nanoTime() - sent) / 1_000));
                    (outcome instanceof Outcome.Answered ? acknowledged : failed).increment();
                    room.release();
                  });
    }
  }
}
