package io.holdfast.drill;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Map;

/**
 * What a drill gave. Its JSON has these names in snake case; {@code payments.sent|acknowledged|
 * lost|doubled}, {@code faults[].kind|outage_ms}, {@code digest.equal}, {@code conserved} and
 * {@code availability} are stable.
 *
 * @param conserved whether money is conserved: on every node by its own scan, and recomputed from
 *     the accounts read back
 * @param availability share of the run in which payments were answered, 0 to 1; see {@link
 *     OutageMeter}
 * @param throughputPerSecond answers per second over the whole run, outages included
 * @param mttrMs mean of the faults' outages, in milliseconds
 * @param findings all that is wrong, in words; empty when all is well
 */
public record DrillReport(
    long seed,
    Payments payments,
    List<Fault> faults,
    Digest digest,
    boolean conserved,
    double availability,
    double throughputPerSecond,
    Latency latencyMs,
    double mttrMs,
    double durationMs,
    List<String> findings) {

  public DrillReport {
    faults = List.copyOf(faults);
    findings = List.copyOf(findings);
  }

  /**
   * Payments, each counted once.
   *
   * @param acknowledged those of which a client was told that they are in the ledger
   * @param lost acknowledged, not in the ledger
   * @param doubled more than once in the ledger or its balances
   * @param refused by the ledger's rules, on purpose
   * @param unknown without an outcome by the deadline
   */
  public record Payments(
      long sent, long acknowledged, long lost, long doubled, long refused, long unknown) {}

  /**
   * One fault and what the clients saw of it.
   *
   * @param kind {@code kill-leader}, {@code hang-leader} or {@code hand-over}
   * @param outageMs the longest time without an answer of the client that fared worst
   * @param serviceGapMs the longest time in which no client at all got an answer
   */
  public record Fault(String kind, String node, double outageMs, double serviceGapMs) {}

  /** The scans of all nodes at one op. */
  public record Digest(boolean equal, long op, Map<String, String> nodes) {
    public Digest {
      nodes = Map.copyOf(nodes);
    }
  }

  /** From sending to the answer, in milliseconds. */
  public record Latency(double p50, double p99, double max) {}

  /** Nothing lost, nothing doubled, all nodes agree, money conserved, and nothing else wrong. */
  public boolean passed() {
    return payments.lost() == 0
        && payments.doubled() == 0
        && digest.equal()
        && conserved
        && findings.isEmpty();
  }

  public String toJson() {
    try {
      return Json.MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report of plain values can always be written", e);
    }
  }
}
