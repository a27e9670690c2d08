package io.holdfast.benchmarks;

import io.holdfast.client.HoldfastClient;
import io.holdfast.drill.NodeProcess;
import java.time.Duration;

/** How long a killed node takes to be back with a long log to replay. */
final class SiteRestartBench implements Benchmark {
  private static final int ACCOUNTS = 10_000;
  private static final int IN_FLIGHT = 4;

  @Override
  public String name() {
    return "site-restart";
  }

  @Override
  public String what() {
    return "kill -9 of a node in the middle of writing: time until it is ready and has caught up"
        + " (transfers=2000000 rounds=5)";
  }

  @Override
  public Figures run(Options options) throws Exception {
    int rounds = options.number("rounds", 5);
    long goal = options.number("transfers", 2_000_000);
    Spread ready = new Spread();
    Spread caughtUp = new Spread();
    try (BenchSite site = BenchSite.start(options);
        HoldfastClient client = site.client(Duration.ofSeconds(60), IN_FLIGHT)) {
      BenchAccounts.open(client, ACCOUNTS);
      NodeProcess follower = site.probe().follower(BenchSite.PATIENCE);
      try (BatchStream stream =
          new BatchStream(client, new BatchMaker(ACCOUNTS, 1), IN_FLIGHT).start()) {
        while (stream.acknowledged() < goal) {
          io.holdfast.drill.Deadline.letPass(Duration.ofMillis(5));
        }
        follower.kill9(); // while batches are being written
      }
      for (int i = 0; i < rounds; i++) {
        follower.kill9();
        long from = System.nanoTime();
        site.site().restart(follower);
        follower.waitReady(BenchSite.PATIENCE);
        ready.add((System.nanoTime() - from) / 1e6);
        site.probe().awaitCaughtUp(follower, BenchSite.PATIENCE);
        caughtUp.add((System.nanoTime() - from) / 1e6);
      }
      return new Figures()
          .put("ready_median_ms", ready.median())
          .put("ready_worst_ms", ready.worst())
          .put("caught_up_median_ms", caughtUp.median())
          .put("caught_up_worst_ms", caughtUp.worst())
          .put("transfers", goal)
          .put("rounds", rounds);
    }
  }
}
