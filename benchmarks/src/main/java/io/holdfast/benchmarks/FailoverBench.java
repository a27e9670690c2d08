package io.holdfast.benchmarks;

import io.holdfast.client.HoldfastClient;
import io.holdfast.drill.NodeProcess;
import java.time.Duration;

/** kill -9 and SIGSTOP of the leader, many times: how long clients were without answers. */
final class FailoverBench implements Benchmark {
  private static final Duration LASTS = Duration.ofSeconds(3);

  @Override
  public String name() {
    return "failover";
  }

  @Override
  public String what() {
    return "kill -9 and SIGSTOP of the leader: client-seen outage, lost, doubled"
        + " (rounds=20 clients=16 rate=100 warmup=25)";
  }

  @Override
  public Figures run(Options options) {
    int rounds = options.number("rounds", 20);
    Figures figures = new Figures().put("rounds", rounds);
    try (BenchSite site = BenchSite.start(options);
        HoldfastClient client = site.client(Duration.ofSeconds(60), 4)) {
      FaultRounds kills = new FaultRounds(site, client, options);
      FaultRounds hangs = new FaultRounds(site, client, options);
      kills.warmUp();
      for (int i = 1; i <= rounds; i++) {
        kills.round(i, NodeProcess::kill9, LASTS, site.site()::restart);
      }
      for (int i = 1; i <= rounds; i++) {
        hangs.round(rounds + i, NodeProcess::hang, LASTS, NodeProcess::resume);
      }
      kills.addTo(figures, "kill_");
      return hangs.addTo(figures, "hang_");
    }
  }
}
