package io.holdfast.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.cli.Console.Style;
import io.holdfast.client.SiteStatus;
import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A site's status as people and programs read it, from two readings: what they have in common is
 * the state, what lies between them the rate.
 */
final class SiteStatusView {
  private final SiteReading before;
  private final SiteReading now;

  SiteStatusView(SiteReading before, SiteReading now) {
    this.before = before;
    this.now = now;
  }

  List<String> lines(Console console) {
    List<String> lines = new ArrayList<>();
    SiteStatus best = now.best().orElse(null);
    if (best == null) {
      lines.add(console.paint("no node answers", Style.RED));
      now.answers().keySet().forEach(gateway -> lines.add("  " + gateway));
      return lines;
    }
    String leader = best.leader();
    lines.add(
        "site %s  ledger %s  %s  term %d"
            .formatted(
                console.paint(best.site(), Style.BOLD),
                best.ledgerId(),
                leader == null ? console.paint("no leader", Style.RED) : "leader " + leader,
                best.term()));
    lines.add("");
    Table table = new Table("node", "address", "role", "op>", "lag>", "clock>", "heard>");
    for (SiteStatus.Member member : best.nodes()) {
      SiteStatus own = now.of(member.node());
      String role = own == null && member.role().equals("follower") ? "no REST" : member.role();
      table.row(
          member.node(),
          member.address(),
          role(console, role),
          known(member.op()),
          known(member.lagOps()),
          member.clockOffsetMillis() + " ms",
          own != null ? "now" : member.lastHeardMillis() + " ms ago");
    }
    lines.addAll(table.lines());
    lines.add("");
    lines.addAll(figures(best));
    for (String incident : best.incidents()) {
      lines.add(console.paint("incident: " + incident, Style.YELLOW));
    }
    return lines;
  }

  private List<String> figures(SiteStatus best) {
    GatewayMetrics recent = now.metrics().since(before.metrics());
    GatewayMetrics measured = recent.answered() > 0 ? recent : now.metrics();
    Table table = new Table("", "");
    table
        .row("accounts", Shown.count(best.accounts()))
        .row("transfers", Shown.count(best.transfers()))
        .row("throughput", Shown.count(Math.round(throughput())) + " transfers/s")
        .row(
            "latency",
            "p50 %s, p99 %s%s"
                .formatted(
                    bound(measured.quantile(0.5)),
                    bound(measured.quantile(0.99)),
                    recent.answered() > 0 ? "" : " since the nodes started"))
        .row("availability", percent(now.metrics().availability()) + " of payment requests");
    now.rpo()
        .forEach((name, seconds) -> table.row("RPO " + name, BackupStatusCommand.rpo(seconds)));
    return table.lines();
  }

  /** Transfers created per second between the readings. */
  private double throughput() {
    double seconds = (now.atNanos() - before.atNanos()) / 1e9;
    long earlier = before.best().map(SiteStatus::transfers).orElse(0L);
    long later = now.best().map(SiteStatus::transfers).orElse(0L);
    return seconds <= 0 || before.best().isEmpty() ? 0 : Math.max(0, later - earlier) / seconds;
  }

  String json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    SiteStatus best = now.best().orElse(null);
    if (best != null) {
      root.put("site", best.site());
      root.put("ledger_id", best.ledgerId());
      root.put("leader", best.leader());
      root.put("term", best.term());
      root.put("op", best.op());
      root.put("accounts", best.accounts());
      root.put("transfers", best.transfers());
      ArrayNode nodes = root.putArray("nodes");
      for (SiteStatus.Member member : best.nodes()) {
        nodes
            .addObject()
            .put("node", member.node())
            .put("address", member.address())
            .put("role", member.role())
            .put("op", member.op())
            .put("lag_ops", member.lagOps())
            .put("clock_offset_ms", member.clockOffsetMillis())
            .put("last_heard_ms", member.lastHeardMillis())
            .put("rest_answers", now.of(member.node()) != null);
      }
      ArrayNode incidents = root.putArray("incidents");
      best.incidents().forEach(incidents::add);
    }
    ObjectNode gateways = root.putObject("gateways");
    for (var answer : now.answers().entrySet()) {
      gateways.put(answer.getKey().toString(), answer.getValue() != null);
    }
    root.put("throughput_per_second", Math.round(throughput()));
    number(root, "latency_p50_ms", now.metrics().quantile(0.5) * 1_000);
    number(root, "latency_p99_ms", now.metrics().quantile(0.99) * 1_000);
    number(root, "availability", now.metrics().availability());
    ObjectNode rpo = root.putObject("rpo_seconds");
    now.rpo().forEach((name, seconds) -> number(rpo, name, seconds < 0 ? Double.NaN : seconds));
    return root.toPrettyString();
  }

  /** Gateways that gave no answer. */
  List<URI> silent() {
    List<URI> silent = new ArrayList<>();
    now.answers()
        .forEach(
            (gateway, status) -> {
              if (status == null) {
                silent.add(gateway);
              }
            });
    return silent;
  }

  private static void number(ObjectNode root, String name, double value) {
    @Nullable Double known = Double.isFinite(value) ? Double.valueOf(value) : null;
    root.put(name, known);
  }

  private static String role(Console console, String role) {
    return switch (role) {
      case "leader" -> console.paint(role, Style.GREEN);
      case "follower" -> role;
      case "unreachable" -> console.paint(role, Style.RED);
      default -> console.paint(role, Style.YELLOW);
    };
  }

  private static String known(long number) {
    return number < 0 ? "?" : Shown.count(number);
  }

  private static String bound(double seconds) {
    if (Double.isNaN(seconds)) {
      return "-";
    }
    return Double.isInfinite(seconds)
        ? "over 10 s"
        : "≤ " + BigDecimal.valueOf(seconds * 1_000).stripTrailingZeros().toPlainString() + " ms";
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.3f %%", share * 100);
  }
}
