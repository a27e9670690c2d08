package io.holdfast.benchmarks;

import io.holdfast.client.HoldfastClient;
import io.holdfast.drill.Deadline;
import io.holdfast.drill.NodeAddress;
import io.holdfast.drill.NodeProcess;
import java.time.Duration;
import java.util.List;

/** Single payments as JSON over keep-alive connections, each with one payment in flight. */
final class RestSinglesBench implements Benchmark {
  @Override
  public String name() {
    return "rest-singles";
  }

  @Override
  public String what() {
    return "three nodes, single payments through REST and JSON: payments/s"
        + " (warmup=25 seconds=20 connections=64 to=all|leader accounts=10000)";
  }

  @Override
  public Figures run(Options options) throws Exception {
    int connections = options.number("connections", 64);
    int accounts = options.number("accounts", 10_000);
    String to = options.word("to", "all");
    try (BenchSite site = BenchSite.start(options);
        HoldfastClient client = site.client(Duration.ofSeconds(60), 4)) {
      BenchAccounts.open(client, accounts);
      List<NodeAddress> gateways =
          to.equals("leader")
              ? List.of(site.probe().awaitLeader(BenchSite.PATIENCE).address())
              : site.site().nodes().stream().map(NodeProcess::address).toList();
      try (RestGenerator generator = new RestGenerator(gateways, connections, accounts)) {
        generator.start();
        Deadline.letPass(options.seconds("warmup", 25));
        generator.measureFromNow();
        long from = System.nanoTime();
        Deadline.letPass(options.seconds("seconds", 20));
        RestGenerator.Measured measured = generator.stop();
        double seconds = (System.nanoTime() - from) / 1e9;
        return new Figures()
            .put("payments_per_s", Math.round(measured.payments() / seconds))
            .put("p50_ms", measured.latencyMicros().getValueAtPercentile(50) / 1_000.0)
            .put("p99_ms", measured.latencyMicros().getValueAtPercentile(99) / 1_000.0)
            .put("max_ms", measured.latencyMicros().getMaxValue() / 1_000.0)
            .put("connections", connections)
            .put("to", to)
            .put("failed", measured.failed())
            .put("measured_s", seconds);
      }
    }
  }
}
