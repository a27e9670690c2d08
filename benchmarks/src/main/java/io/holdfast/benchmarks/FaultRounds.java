package io.holdfast.benchmarks;

import io.holdfast.client.HoldfastClient;
import io.holdfast.drill.ClientDoor;
import io.holdfast.drill.Deadline;
import io.holdfast.drill.LoadPlan;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.OutageMeter;
import io.holdfast.drill.PaymentLoad;
import io.holdfast.drill.Proof;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Rounds of: pay, make a fault, go on paying, mend it, prove. The outage is what the clients of the
 * round saw.
 */
final class FaultRounds {
  private static final Duration CALM = Duration.ofSeconds(2);
  private static final Duration WARM_UP = Duration.ofSeconds(25);

  private final BenchSite site;
  private final HoldfastClient client;
  private final Options options;
  private final Spread outages = new Spread();
  private final Spread serviceGaps = new Spread();
  private long payments;
  private long lost;
  private long doubled;
  private long unanswered;
  private long otherFindings;

  FaultRounds(BenchSite site, HoldfastClient client, Options options) {
    this.site = site;
    this.client = client;
    this.options = options;
  }

  /** Pays for a while, so that the nodes' code is compiled. */
  void warmUp() {
    try (PaymentLoad load = load(0)) {
      load.start();
      Deadline.letPass(options.seconds("warmup", (int) WARM_UP.toSeconds()));
      load.stop();
    }
  }

  /**
   * One round.
   *
   * @param fault is made on the leader and mended later by {@code mend}
   */
  void round(int number, Consumer<NodeProcess> fault, Duration lasts, Consumer<NodeProcess> mend) {
    try (PaymentLoad load = load(number)) {
      load.start();
      Deadline.letPass(CALM);
      NodeProcess leader = site.probe().awaitLeader(BenchSite.PATIENCE);
      long from = System.nanoTime();
      fault.accept(leader);
      Deadline.letPass(lasts);
      long to = System.nanoTime();
      mend.accept(leader);
      for (NodeProcess node : site.site().nodes()) {
        site.probe().awaitCaughtUp(node, BenchSite.PATIENCE);
      }
      load.stop();
      OutageMeter meter = new OutageMeter(load);
      outages.add(meter.clientOutageMillis(from, to));
      serviceGaps.add(meter.serviceGapMillis(from, to));
      count(Proof.of(site.site(), load, client));
      System.err.printf(
          "round %d: %s, outage %.0f ms%n",
          number, leader.name(), meter.clientOutageMillis(from, to));
    }
  }

  private void count(Proof proof) {
    payments += proof.verdict().acknowledged();
    lost += proof.verdict().lost();
    doubled += proof.verdict().doubled();
    unanswered += proof.verdict().unknown() + proof.verdict().notTaken();
    otherFindings += proof.findings().size();
  }

  private PaymentLoad load(int number) {
    LoadPlan plan =
        LoadPlan.of(options.number("seed", 1) + number, options.number("clients", 16))
            .withRequestsPerSecond(options.number("rate", 100));
    PaymentLoad.openAccounts(plan, client, BenchSite.PATIENCE);
    HoldfastClient own = site.client(plan.deadline(), 4);
    return new PaymentLoad(plan, new ClientDoor(own));
  }

  Figures addTo(Figures figures, String prefix) {
    return figures
        .put(prefix + "outage_median_ms", outages.median())
        .put(prefix + "outage_worst_ms", outages.worst())
        .put(prefix + "service_gap_median_ms", serviceGaps.median())
        .put(prefix + "service_gap_worst_ms", serviceGaps.worst())
        .put(prefix + "payments", payments)
        .put(prefix + "lost", lost)
        .put(prefix + "doubled", doubled)
        .put(prefix + "unanswered", unanswered)
        .put(prefix + "findings", otherFindings);
  }
}
