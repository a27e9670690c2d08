package io.holdfast.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.cli.Console.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The reconciliation as people and programs read it.
 *
 * @param dryRun whether nothing was sent: then "created" means "would be created"
 */
record ImportSummary(ImportReport report, boolean dryRun) {
  private static final int DIFFERENCES_SHOWN = 10;

  String text(Console console) {
    List<String> lines = new ArrayList<>();
    String created = dryRun ? "to create>" : "created>";
    lines.addAll(
        new Table("", created, "existing>", "rejected>", "all>")
            .row(counts("transfers", report.transfers()))
            .row(counts("accounts", report.accounts()))
            .lines());
    lines.add("");
    Table sums =
        new Table(
            "currency", "ledger>", created, "existing>", "rejected>", "credited>", "debited>");
    for (ImportReport.Sums of : report.sums()) {
      int scale = of.currency().scale();
      sums.row(
          of.currency().name(),
          Shown.unsigned(of.currency().ledger()),
          Shown.amount(of.created(), scale),
          Shown.amount(of.existing(), scale),
          Shown.amount(of.rejected(), scale),
          Shown.amount(of.credited(), scale),
          Shown.amount(of.debited(), scale));
    }
    lines.addAll(sums.lines());
    if (!report.rejections().isEmpty()) {
      lines.add("");
      Table reasons = new Table("rejected because", "rows>");
      report.rejections().forEach((code, rows) -> reasons.row(code, Shown.count(rows)));
      lines.addAll(reasons.lines());
    }
    lines.add("");
    balances(lines, console);
    double seconds = report.nanos() / 1e9;
    lines.add(
        String.format(
            Locale.ROOT,
            "%s rows in %.1f s, %s/s",
            Shown.count(report.rows()),
            seconds,
            Shown.count(Math.round(report.rows() / Math.max(seconds, 1e-9)))));
    if (dryRun) {
      lines.add("nothing was sent: this was a dry run");
    }
    return String.join(System.lineSeparator(), lines);
  }

  private void balances(List<String> lines, Console console) {
    ImportReport.BalanceCheck check = report.balances();
    if (check.checked() == 0) {
      return;
    }
    long differing = check.differing().size();
    if (differing == 0) {
      lines.add(
          console.paint("balances agree", Style.GREEN)
              + " with the file's for all "
              + Shown.count(check.checked())
              + " accounts");
      return;
    }
    lines.add(
        console.paint("balances differ", Style.RED)
            + " from the file's for "
            + Shown.count(differing)
            + " of "
            + Shown.count(check.checked())
            + " accounts");
    Table table = new Table("account", "first line>", "file says>", "holds>", "tolerance>");
    for (ImportReport.Difference one :
        check.differing().subList(0, (int) Math.min(differing, DIFFERENCES_SHOWN))) {
      int scale = one.currency().scale();
      table.row(
          one.account(),
          one.line(),
          Shown.amount(one.expected(), scale),
          Shown.amount(one.actual(), scale),
          Shown.amount(one.tolerance(), scale));
    }
    lines.addAll(table.lines());
  }

  private static Object[] counts(String name, ImportReport.Counts counts) {
    return new Object[] {
      name,
      Shown.count(counts.created()),
      Shown.count(counts.existing()),
      Shown.count(counts.rejected()),
      Shown.count(counts.created() + counts.existing() + counts.rejected())
    };
  }

  String json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("dry_run", dryRun);
    root.put("rows", report.rows());
    put(root.putObject("transfers"), report.transfers());
    put(root.putObject("accounts"), report.accounts());
    ObjectNode rejections = root.putObject("rejections");
    report.rejections().forEach(rejections::put);
    ArrayNode sums = root.putArray("sums");
    for (ImportReport.Sums of : report.sums()) {
      sums.addObject()
          .put("currency", of.currency().name())
          .put("ledger", Integer.toUnsignedLong(of.currency().ledger()))
          .put("scale", of.currency().scale())
          .put("created", of.created().toString())
          .put("existing", of.existing().toString())
          .put("rejected", of.rejected().toString())
          .put("credited", of.credited().toString())
          .put("debited", of.debited().toString());
    }
    ObjectNode balances = root.putObject("balances");
    balances.put("checked", report.balances().checked());
    ArrayNode differing = balances.putArray("differing");
    for (ImportReport.Difference one : report.balances().differing()) {
      differing
          .addObject()
          .put("account", one.account())
          .put("line", one.line())
          .put("expected", one.expected().toString())
          .put("actual", one.actual().toString())
          .put("tolerance", one.tolerance().toString());
    }
    root.put("duration_ms", report.nanos() / 1e6);
    return root.toPrettyString();
  }

  private static void put(ObjectNode node, ImportReport.Counts counts) {
    node.put("created", counts.created());
    node.put("existing", counts.existing());
    node.put("rejected", counts.rejected());
  }
}
