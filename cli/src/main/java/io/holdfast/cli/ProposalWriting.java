package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.UInt128;
import io.holdfast.vault.CorrectionProposal;
import io.holdfast.vault.CorrectionSelection;
import io.holdfast.vault.Differences;
import io.holdfast.vault.Moment;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Selects what should not have been, and writes the proposal that takes it back. */
final class ProposalWriting {
  private final Console console;
  private final ProposeOptions options;
  private final int scale;
  private final boolean json;

  ProposalWriting(Console console, ProposeOptions options, int scale, boolean json) {
    this.console = console;
    this.options = options;
    this.scale = scale;
    this.json = json;
  }

  /**
   * Writes the file and says what is in it.
   *
   * @param typed the accounts as they were typed
   */
  void write(Path file, Moment then, PreviewNow now, Set<UInt128> accounts, List<String> typed) {
    long wallNanos = new SystemClock().wallNanos();
    CorrectionSelection selection =
        CorrectionSelection.of(
            now.queries(),
            Differences.newestTransferNanos(then.queries()),
            options.filter(accounts),
            options.correctionCode(),
            wallNanos);
    if (selection.corrections().isEmpty()) {
      tellLeftOut(selection);
      throw new HoldfastException(
          "nothing-to-correct",
          "none of the transfers created after op "
              + then.op()
              + " is selected and still to be corrected",
          "see them with --serve, or in the running ledger with 'holdfast transfer list --from'");
    }
    CorrectionProposal proposal =
        new CorrectionProposal(
            then.ledgerId(),
            then.op(),
            then.timeNanos(),
            options.proposer(),
            wallNanos,
            options.reason(),
            options.words(typed),
            options.correctionCode(),
            selection.corrections());
    ProposalFile.write(file, proposal);
    if (json) {
      JsonBody body =
          out -> {
            out.writeStartObject();
            out.writeStringField("file", file.toString());
            out.writeStringField("sha256", proposal.sha256());
            out.writeNumberField("corrections", proposal.corrections().size());
            ProposalFile.writeSums(out, proposal);
            out.writeObjectFieldStart("left_out");
            for (CorrectionSelection.LeftOut why : CorrectionSelection.LeftOut.values()) {
              out.writeNumberField(
                  why.name().toLowerCase(Locale.ROOT), selection.leftOut().getOrDefault(why, 0));
            }
            out.writeEndObject();
            out.writeEndObject();
          };
      body.printTo(console);
      return;
    }
    ProposalSummary.print(console, proposal, scale);
    tellLeftOut(selection);
    console
        .err()
        .println(
            "written to "
                + file
                + "; another person submits it with: "
                + console.command()
                + " backup correct "
                + file.getFileName()
                + " --approve-as NAME");
  }

  private void tellLeftOut(CorrectionSelection selection) {
    for (CorrectionSelection.LeftOut why : CorrectionSelection.LeftOut.values()) {
      int count = selection.leftOut().getOrDefault(why, 0);
      if (count > 0) {
        console.err().println("left out: " + Shown.count(count) + " " + words(why));
      }
    }
  }

  private static String words(CorrectionSelection.LeftOut why) {
    return switch (why) {
      case CORRECTED_ALREADY -> "that are corrected already";
      case VOIDED -> "reservations that were voided";
      case EXPIRED -> "reservations that expired";
      case MOVED_NOTHING -> "that moved nothing";
    };
  }
}
