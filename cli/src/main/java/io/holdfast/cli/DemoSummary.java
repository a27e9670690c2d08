package io.holdfast.cli;

import io.holdfast.cli.Console.Style;
import io.holdfast.drill.DrillReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** What a demo gave, as a person reads it. */
final class DemoSummary {
  private final DrillReport report;
  private final Console console;

  DemoSummary(DrillReport report, Console console) {
    this.report = report;
    this.console = console;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.addAll(payments().lines());
    lines.add("");
    lines.addAll(faults().lines());
    lines.add("");
    lines.addAll(figures().lines());
    lines.add("");
    for (String finding : report.findings()) {
      lines.add(console.paint("finding: ", Style.RED) + finding);
    }
    lines.add(verdict());
    lines.add(
        "next: "
            + console.paint(console.command() + " up --detach", Style.BOLD)
            + ", then "
            + console.paint(console.command() + " status --watch", Style.BOLD));
    return lines;
  }

  private Table payments() {
    DrillReport.Payments of = report.payments();
    Table table =
        new Table(
            "payments", "sent>", "acknowledged>", "refused>", "unknown>", "lost>", "doubled>");
    return table.row(
        "",
        Shown.count(of.sent()),
        Shown.count(of.acknowledged()),
        Shown.count(of.refused()),
        Shown.count(of.unknown()),
        judged(of.lost()),
        judged(of.doubled()));
  }

  private Table faults() {
    Table table = new Table("fault", "node", "outage seen by a client>", "no client answered for>");
    for (DrillReport.Fault fault : report.faults()) {
      table.row(
          words(fault.kind()),
          fault.node(),
          millis(fault.outageMs()),
          millis(fault.serviceGapMs()));
    }
    return table;
  }

  private Table figures() {
    DrillReport.Digest digest = report.digest();
    String nodes = String.join(", ", new TreeMap<>(digest.nodes()).keySet());
    return new Table("", "")
        .row(
            "throughput",
            "%s payments/s, outages included"
                .formatted(Shown.count(Math.round(report.throughputPerSecond()))))
        .row(
            "latency",
            "p50 %s, p99 %s, worst %s"
                .formatted(
                    millis(report.latencyMs().p50()),
                    millis(report.latencyMs().p99()),
                    millis(report.latencyMs().max())))
        .row(
            "availability",
            String.format(
                Locale.ROOT,
                "%.3f %% of %.1f s",
                report.availability() * 100,
                report.durationMs() / 1e3))
        .row(
            "replicas",
            digest.equal()
                ? console.paint("equal", Style.GREEN)
                    + " digests on %s at op %s".formatted(nodes, Shown.count(digest.op()))
                : console.paint("different", Style.RED) + " digests on " + nodes)
        .row(
            "money",
            report.conserved()
                ? console.paint("conserved", Style.GREEN)
                : console.paint("not conserved", Style.RED));
  }

  private String verdict() {
    return report.passed()
        ? console.paint("proved:", Style.GREEN)
            + " every acknowledged payment is there exactly once"
        : console.paint("not proved:", Style.RED) + " see above";
  }

  private String judged(long count) {
    String shown = Shown.count(count);
    return console.paint(shown, count == 0 ? Style.GREEN : Style.RED);
  }

  private static String words(String kind) {
    return switch (kind) {
      case "kill-leader" -> "kill -9 of the leader";
      case "hang-leader" -> "leader hung (SIGSTOP)";
      case "hand-over" -> "planned leader change";
      default -> kind;
    };
  }

  private static String millis(double millis) {
    return millis < 10
        ? String.format(Locale.ROOT, "%.1f ms", millis)
        : Shown.count(Math.round(millis)) + " ms";
  }
}
