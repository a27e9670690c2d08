package io.holdfast.benchmarks;

import io.holdfast.client.HoldfastClient;
import io.holdfast.drill.Deadline;
import java.time.Duration;

/** Transfers a second through three nodes in the largest requests. */
final class SiteBatchBench implements Benchmark {
  @Override
  public String name() {
    return "site-batches";
  }

  @Override
  public String what() {
    return "three nodes, requests of 8,189 transfers, a few in flight: transfers/s"
        + " (warmup=100 seconds=30 in_flight=4 accounts=10000)";
  }

  @Override
  public Figures run(Options options) throws Exception {
    int inFlight = options.number("in_flight", 4);
    int accounts = options.number("accounts", 10_000);
    try (BenchSite site = BenchSite.start(options);
        HoldfastClient client = site.client(Duration.ofSeconds(60), inFlight)) {
      BenchAccounts.open(client, accounts);
      long term = site.term();
      try (BatchStream stream =
          new BatchStream(client, new BatchMaker(accounts, 1), inFlight).start()) {
        Deadline.letPass(options.seconds("warmup", 100));
        stream.forgetLatencies();
        long before = stream.acknowledged();
        long from = System.nanoTime();
        Deadline.letPass(options.seconds("seconds", 30));
        long transfers = stream.acknowledged() - before;
        double seconds = (System.nanoTime() - from) / 1e9;
        return new Figures()
            .put("transfers_per_s", Math.round(transfers / seconds))
            .put("p50_ms", stream.latencyMillis(50))
            .put("p99_ms", stream.latencyMillis(99))
            .put("max_ms", stream.latencyMillis(100))
            .put("in_flight", inFlight)
            .put("accounts", accounts)
            .put("failed_requests", stream.failed())
            .put("term_changes", site.term() - term)
            .put("measured_s", seconds);
      }
    }
  }
}
