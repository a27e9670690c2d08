package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.cli.Console.Style;
import io.holdfast.node.NewNode;
import io.holdfast.vault.Restore;
import io.holdfast.vault.RestoreRates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Prints what a restore did, or would do. */
final class RestoreReport {
  private static final double NANOS = 1e9;
  private static final double MEGA = 1e6;

  private final Console console;
  private final boolean json;

  RestoreReport(Console console, boolean json) {
    this.console = console;
    this.json = json;
  }

  /** Nothing was done. */
  void estimate(Restore.Estimate of, RestoreRates rates, List<String> closed) {
    double fetch = rates.fetchSeconds(of);
    double prove = rates.proveSeconds(of);
    if (json) {
      JsonBody body =
          out -> {
            out.writeStartObject();
            out.writeStringField("ledger", of.ledgerId());
            out.writeStringField("branch", of.branch());
            out.writeNumberField("epoch", of.epoch());
            out.writeStringField("site", of.site());
            out.writeStringField("backup", of.backup());
            out.writeNumberField("op", of.upToOp());
            out.writeStringField("time", Shown.time(of.upToTime()));
            out.writeNumberField("segments", of.segments());
            out.writeNumberField("tails", of.tails());
            out.writeNumberField("journal_bytes", of.sizeBytes());
            out.writeNumberField("stored_bytes", of.storedBytes());
            out.writeNumberField("checkpoint_bytes", of.checkpointBytes());
            out.writeNumberField("replayed_ops", of.replayedOps());
            out.writeNumberField("td_seconds", fetch);
            out.writeNumberField("tr_seconds", prove);
            out.writeNumberField("r_seconds", fetch + prove);
            strings(out, "incidents", closed);
            out.writeEndObject();
          };
      body.printTo(console);
      return;
    }
    console.out().println("would restore ledger " + of.ledgerId() + ", site " + of.site());
    Table table = new Table("", "");
    table.row("branch", of.branch() + ", epoch " + of.epoch());
    table.row("fetches", "up to op " + of.upToOp() + " of " + Shown.time(of.upToTime()));
    table.row("from backup", of.backup() + ", and " + of.tails() + " tails after it");
    table.row(
        "to fetch",
        String.format(
            Locale.ROOT,
            "%s segments, %,.1f MB (%,.1f MB as stored); checkpoint %,.1f MB",
            Shown.count(of.segments()),
            of.sizeBytes() / MEGA,
            of.storedBytes() / MEGA,
            of.checkpointBytes() / MEGA));
    table.row("to replay", Shown.count(of.replayedOps()) + " ops");
    console.out().println(table);
    times(fetch, prove, "predicted");
    closed.forEach(this::warn);
  }

  /**
   * It was done.
   *
   * @param nodes to be started one by one; none for a local site
   */
  void restored(
      Restore.Restored of, Path home, String site, List<NewNode> nodes, List<String> closed) {
    double fetch = of.fetchNanos() / NANOS;
    double prove = of.proveNanos() / NANOS;
    if (json) {
      JsonBody body =
          out -> {
            out.writeStartObject();
            out.writeStringField("ledger", of.lineage().ledgerId().toHex());
            out.writeStringField("site", site);
            out.writeStringField("directory", home.toString());
            out.writeStringField("backup", of.backup());
            out.writeStringField("branch", of.lineage().current().id().toHex());
            out.writeNumberField("epoch", of.lineage().current().epoch());
            out.writeNumberField("op", of.op());
            out.writeStringField("time", Shown.time(of.timeNanos()));
            out.writeStringField("chain", of.chain());
            out.writeNumberField("accounts", of.accounts());
            out.writeNumberField("transfers", of.transfers());
            out.writeNumberField("journal_bytes", of.journalBytes());
            out.writeNumberField("fetched_bytes", of.fetchedBytes());
            out.writeNumberField("checkpoint_op", of.checkpointOp());
            out.writeNumberField("replayed_events", of.replayedEvents());
            out.writeNumberField("td_seconds", fetch);
            out.writeNumberField("tr_seconds", prove);
            out.writeNumberField("r_seconds", fetch + prove);
            strings(out, "missing_details_keys", of.missingKeys());
            strings(
                out,
                "incidents",
                java.util.stream.Stream.concat(closed.stream(), of.incidents().stream()).toList());
            out.writeEndObject();
          };
      body.printTo(console);
      return;
    }
    console
        .out()
        .println(
            "restored ledger "
                + of.lineage().ledgerId().toHex()
                + ", site "
                + site
                + ", in "
                + home);
    Table table = new Table("", "");
    table.row("up to", "op " + of.op() + " of " + Shown.time(of.timeNanos()));
    table.row(
        "branch",
        of.lineage().current().id().toHex() + ", epoch " + of.lineage().current().epoch());
    table.row(
        "holds",
        Shown.count(of.accounts()) + " accounts, " + Shown.count(of.transfers()) + " transfers");
    table.row(
        "fetched",
        String.format(
            Locale.ROOT,
            "%,.1f MB for %,.1f MB of journal",
            of.fetchedBytes() / MEGA,
            of.journalBytes() / MEGA));
    table.row(
        "proved", "every piece by its digest, the chain over " + Shown.count(of.op()) + " ops,");
    table.row(
        "",
        (of.checkpointOp() == 0
                ? "answers from the first op on"
                : "the checkpoint after op " + of.checkpointOp() + ", answers after it")
            + " ("
            + Shown.count(of.replayedEvents())
            + " events), money conserved");
    console.out().println(table);
    times(fetch, prove, "");
    closed.forEach(this::warn);
    of.incidents().forEach(this::warn);
    of.missingKeys()
        .forEach(
            key -> warn("no repository has details key " + key + ": what it seals can't be read"));
    next(home, nodes);
  }

  private void times(double fetch, double prove, String how) {
    Table table = new Table("", "seconds>", "");
    table.row("Td", seconds(fetch), "fetch " + how);
    table.row("Tr", seconds(prove), "index, replay, prove " + how);
    table.row("R", seconds(fetch + prove), "");
    console.out().println(table);
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f", seconds);
  }

  private void warn(String what) {
    console.out().println(console.paint("note:", Style.YELLOW) + " " + what);
  }

  private void next(Path home, List<NewNode> nodes) {
    if (nodes.isEmpty()) {
      console.out().println("next: " + console.command() + " up --dir " + home + " --detach");
      return;
    }
    console.out().println("next, each on its machine:");
    for (NewNode node : nodes) {
      String name = node.name();
      console
          .out()
          .println(
              "  %s: %s serve --config %s"
                  .formatted(name, console.command(), home.resolve(name).resolve("holdfast.yaml")));
    }
    console
        .out()
        .println(
            "keep " + home.resolve("ca") + " offline: who has it can make nodes of this ledger");
  }

  private static void strings(JsonGenerator out, String name, List<String> all) throws IOException {
    out.writeArrayFieldStart(name);
    for (String one : all) {
      out.writeString(one);
    }
    out.writeEndArray();
  }
}
