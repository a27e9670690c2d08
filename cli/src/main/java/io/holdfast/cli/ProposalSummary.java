package io.holdfast.cli;

import io.holdfast.vault.CorrectionProposal;

/** Shows a proposal to those who decide. */
final class ProposalSummary {
  private ProposalSummary() {}

  static void print(Console console, CorrectionProposal proposal, int scale) {
    Table table =
        new Table("", "")
            .row("ledger", proposal.ledgerId().toHex())
            .row(
                "moment", "op " + proposal.momentOp() + " at " + Shown.time(proposal.momentNanos()))
            .row("proposed by", proposal.proposer() + " at " + Shown.time(proposal.proposedNanos()))
            .row("reason", proposal.reason())
            .row("selection", proposal.selection());
    proposal
        .sums()
        .forEach(
            (ledger, sum) -> {
              table.row(
                  "ledger " + ledger,
                  Shown.count(sum.reversals())
                      + " reversals of "
                      + Shown.amount(sum.reversed(), scale)
                      + ", "
                      + Shown.count(sum.voids())
                      + " voids of "
                      + Shown.amount(sum.released(), scale));
            });
    table.row("sha256", proposal.sha256());
    console.out().println(table);
  }
}
