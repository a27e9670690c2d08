package io.holdfast.benchmarks;

import io.holdfast.client.HoldfastClient;
import io.holdfast.drill.AdminClient;
import java.time.Duration;

/** Planned leader changes under load: how long they take and what clients see of them. */
final class HandOverBench implements Benchmark {
  private static final Duration LASTS = Duration.ofSeconds(2);

  @Override
  public String name() {
    return "hand-over";
  }

  @Override
  public String what() {
    return "planned leader changes: time taken, client-seen outage, errors"
        + " (rounds=20 clients=16 rate=100 warmup=25)";
  }

  @Override
  public Figures run(Options options) {
    int rounds = options.number("rounds", 20);
    Spread took = new Spread();
    try (BenchSite site = BenchSite.start(options);
        HoldfastClient client = site.client(Duration.ofSeconds(60), 4)) {
      FaultRounds changes = new FaultRounds(site, client, options);
      changes.warmUp();
      for (int i = 1; i <= rounds; i++) {
        changes.round(
            i,
            leader ->
                took.add(
                    (double)
                        new AdminClient(leader.address().admin())
                            .handOver(null, BenchSite.PATIENCE)
                            .tookMs()),
            LASTS,
            leader -> {});
      }
      Figures figures =
          new Figures()
              .put("rounds", rounds)
              .put("took_median_ms", took.median())
              .put("took_worst_ms", took.worst());
      return changes.addTo(figures, "");
    }
  }
}
