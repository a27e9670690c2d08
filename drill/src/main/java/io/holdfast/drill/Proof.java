package io.holdfast.drill;

import io.holdfast.client.HoldfastClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The proof after a load: the judge's verdict on every client's history, and the scans of all nodes
 * at one op.
 */
public record Proof(Verdict verdict, Map<String, AdminClient.Digest> digests) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  public Proof {
    digests = Map.copyOf(digests);
  }

  /** Of a load that was stopped. */
  public static Proof of(LocalSite site, PaymentLoad load, HoldfastClient client) {
    Verdict verdict = HistoryChecker.check(load, new ClientContent(client));
    return new Proof(verdict, new SiteProbe(site).digests(PATIENCE));
  }

  /** Whether all nodes hold the same state. */
  public boolean digestsEqual() {
    return !digests.isEmpty() && digests.values().stream().distinct().count() == 1;
  }

  /** Whether debits equal credits by every node's scan and by the judge's own sum. */
  public boolean conserved() {
    return verdict.conserved() && digests.values().stream().allMatch(AdminClient.Digest::conserved);
  }

  /** What is wrong, in words; empty when all is well. */
  public List<String> findings() {
    List<String> findings = new ArrayList<>();
    for (Verdict.Finding finding : verdict.findings()) {
      findings.add(finding.kind() + " " + finding.id().toId() + ": " + finding.what());
    }
    if (!digestsEqual()) {
      findings.add("the nodes' states differ: " + digests);
    }
    if (!conserved()) {
      findings.add("debits do not equal credits");
    }
    return findings;
  }

  String words() {
    return "%,d acknowledged, %d lost, %d doubled, states %s, money %s"
        .formatted(
            verdict.acknowledged(),
            verdict.lost(),
            verdict.doubled(),
            digestsEqual() ? "equal" : "DIFFER",
            conserved() ? "conserved" : "NOT CONSERVED");
  }

  DrillReport report(PaymentLoad load, List<DrillReport.Fault> faults) {
    OutageMeter meter = new OutageMeter(load);
    Map<String, String> states = new HashMap<>();
    digests.forEach((node, digest) -> states.put(node, digest.digest()));
    return new DrillReport(
        load.plan().seed(),
        new DrillReport.Payments(
            verdict.sent(),
            verdict.acknowledged(),
            verdict.lost(),
            verdict.doubled(),
            verdict.refused(),
            verdict.unknown() + verdict.notTaken()),
        faults,
        new DrillReport.Digest(
            digestsEqual(),
            digests.values().stream().mapToLong(AdminClient.Digest::op).max().orElse(0),
            states),
        conserved(),
        meter.availability(),
        meter.throughputPerSecond(),
        new DrillReport.Latency(
            meter.latencyMillis(50), meter.latencyMillis(99), meter.latencyMillis(100)),
        faults.stream().mapToDouble(DrillReport.Fault::outageMs).average().orElse(0),
        meter.durationMillis(),
        findings());
  }
}
