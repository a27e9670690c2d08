package io.holdfast.benchmarks;

import io.holdfast.client.HoldfastClient;
import io.holdfast.drill.Deadline;
import java.time.Duration;

/**
 * Full load for ten minutes without any fault: every change of term is one too many. In rounds,
 * each on a fresh site, so that disk and memory stay bounded. The first seconds of a round, in
 * which four JVMs compile on the same cores, are counted apart.
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
    return "full load of largest requests: elections without a cause (rounds=10 warmup=25 seconds=60)";
  }

  @Override
  public Figures run(Options options) throws Exception {
    int rounds = options.number("rounds", 10);
    long termChanges = 0;
    long warmupTermChanges = 0;
    long transfers = 0;
    double seconds = 0;
    for (int round = 1; round <= rounds; round++) {
      try (BenchSite site = BenchSite.start(options);
          HoldfastClient client = site.client(Duration.ofSeconds(60), IN_FLIGHT)) {
        BenchAccounts.open(client, ACCOUNTS);
        long coldTerm = site.term();
        long term;
        try (BatchStream stream =
            new BatchStream(client, new BatchMaker(ACCOUNTS, round), IN_FLIGHT).start()) {
          Deadline.letPass(options.seconds("warmup", 25));
          term = site.term();
          long before = stream.acknowledged();
          long from = System.nanoTime();
          Deadline.letPass(options.seconds("seconds", 60));
          transfers += stream.acknowledged() - before;
          seconds += (System.nanoTime() - from) / 1e9;
        }
        long changes = site.term() - term;
        warmupTermChanges += term - coldTerm;
        termChanges += changes;
        System.err.printf(
            "round %d of %d: %d term changes, %d while warming up%n",
            round, rounds, changes, term - coldTerm);
      }
    }
    return new Figures()
        .put("term_changes", termChanges)
        .put("warmup_term_changes", warmupTermChanges)
        .put("loaded_s", seconds)
        .put("transfers_per_s", Math.round(transfers / seconds))
        .put("rounds", rounds);
  }
}
