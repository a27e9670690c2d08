package io.holdfast.cli;

import io.holdfast.node.SiteRecovery;

/** Shows a proposal to those who are to sign it. */
final class RecoverSummary {
  private RecoverSummary() {}

  static void print(Console console, SiteRecovery.Summary proposal) {
    Table table = new Table("", "");
    table.row("ledger", proposal.ledger() + ", site " + proposal.site());
    table.row("go on from", proposal.node());
    table.row("journal", "op " + proposal.journalOp() + ", chain " + proposal.journalChain());
    table.row("log", "term " + proposal.logTerm() + ", entry " + proposal.logIndex());
    table.row("last op then", proposal.lastOp());
    table.row("incarnation", proposal.oldIncarnation() + " ends");
    table.row("", proposal.newIncarnation() + " begins");
    table.row("reason", proposal.reason());
    table.row("proposed", proposal.proposedAt());
    table.row(
        "signed by",
        proposal.signatures().isEmpty() ? "nobody yet" : String.join(", ", proposal.signatures()));
    console.out().println(table);
  }
}
