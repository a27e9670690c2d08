package io.holdfast.benchmarks;

import io.holdfast.client.HoldfastClient;
import io.holdfast.drill.Deadline;
import java.time.Duration;

/**
 * Full load for ten minutes without any fault: every change of term is one too many. In rounds,
 * each on a fresh site, so that disk and memory stay bounded.
 */
final class ElectionStabilityBench implements Benchmark {
  private static final int ACCOUNTS = 10_000;
  private static final int IN_FLIGHT = 4;

  @Override
  public String name() {
    return "election-stability";
  }

  @Override
  public String what() {
    return "full load of largest requests: elections without a cause (rounds=10 seconds=60)";
  }

  @Override
  public Figures run(Options options) throws Exception {
    int rounds = options.number("rounds", 10);
    long termChanges = 0;
    long transfers = 0;
    double seconds = 0;
    for (int round = 1; round <= rounds; round++) {
      try (BenchSite site = BenchSite.start(options);
          HoldfastClient client = site.client(Duration.ofSeconds(60), IN_FLIGHT)) {
        BenchAccounts.open(client, ACCOUNTS);
        long term = site.term();
        long from = System.nanoTime();
        try (BatchStream stream =
            new BatchStream(client, new BatchMaker(ACCOUNTS, round), IN_FLIGHT).start()) {
          Deadline.letPass(options.seconds("seconds", 60));
          transfers += stream.acknowledged();
        }
        seconds += (System.nanoTime() - from) / 1e9;
        long changes = site.term() - term;
        termChanges += changes;
        System.err.printf("round %d of %d: %d term changes%n", round, rounds, changes);
      }
    }
    return new Figures()
        .put("term_changes", termChanges)
        .put("loaded_s", seconds)
        .put("transfers_per_s", Math.round(transfers / seconds))
        .put("rounds", rounds);
  }
}
