package io.holdfast.cli;

import io.holdfast.client.HoldfastClient;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.CorrectionProposal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Submits what another operator proposed. */
@Command(
    name = "correct",
    description = {
      "Submit the correcting transfers that another operator proposed.",
      "What is in the ledger already is passed over: run it again after an interruption.",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast backup correct wrong-batch.json                       shows what would be done",
      "  holdfast backup correct wrong-batch.json --approve-as 'Bo Li'",
    })
final class BackupCorrectCommand extends LedgerCommand {
  private static final int SHOWN_MAX = 50;

  @Parameters(paramLabel = "FILE", description = "The proposal.")
  private Path file = Path.of("");

  @Option(
      names = "--approve-as",
      paramLabel = "NAME",
      description = "Who approves it; another person than the one who proposed it.")
  private @Nullable String approver;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to repeat what is not answered (default ${DEFAULT-VALUE}).")
  private int patienceSeconds = 60;

  @Option(
      names = "--scale",
      paramLabel = "N",
      defaultValue = "0",
      description = "Show amounts with so many decimals (default: whole minor units).")
  private int scale;

  BackupCorrectCommand(Console console) {
    super(console);
  }

  @Override
  void check() {
    Arguments.checkScale(scale);
    if (patienceSeconds < 1 || patienceSeconds > 3_600) {
      throw Arguments.wrong("--patience", Integer.toString(patienceSeconds), "1 to 3600 seconds");
    }
  }

  @Override
  int run(HoldfastClient client) {
    CorrectionProposal proposal = ProposalFile.read(console().resolve(file));
    CorrectionSubmission submission =
        new CorrectionSubmission(client, Duration.ofSeconds(patienceSeconds));
    submission.check(proposal);
    if (!json()) {
      ProposalSummary.print(console(), proposal, scale);
    }
    checkApproved(proposal);
    submission.submit(proposal);
    if (json()) {
      write(submission, proposal);
    } else {
      tell(submission);
    }
    if (!submission.notDone().isEmpty()) {
      throw new HoldfastException(
          "corrections-refused",
          Shown.count(submission.notDone().size())
              + " of "
              + Shown.count(proposal.corrections().size())
              + " corrections are not in the ledger",
          "what was held back is done by the same command once the accounts allow it; what was"
              + " refused needs a transfer of its own");
    }
    return ExitCodes.OK;
  }

  private void checkApproved(CorrectionProposal proposal) {
    if (approver == null || approver.isBlank()) {
      throw new HoldfastException(
          "not-confirmed",
          "this submits "
              + Shown.count(proposal.corrections().size())
              + " transfers, which stay; nothing was done",
          "to do it, another person than "
              + proposal.proposer()
              + " runs it with: --approve-as NAME");
    }
    if (plain(approver).equals(plain(proposal.proposer()))) {
      throw new HoldfastException(
          "same-operator",
          proposal.proposer() + " proposed it and can't approve it; nothing was done",
          "let another person look at it and run it with: --approve-as NAME");
    }
  }

  private static String plain(String name) {
    return name.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
  }

  private void tell(CorrectionSubmission submission) {
    List<CorrectionSubmission.NotDone> notDone = submission.notDone();
    long heldBack = notDone.stream().filter(CorrectionSubmission.NotDone::heldBack).count();
    print("");
    print(
        new Table("", "")
            .row("approved by", String.valueOf(approver).strip())
            .row("created", Shown.count(submission.created()))
            .row("there already", Shown.count(submission.existed()))
            .row("held back", Shown.count(heldBack))
            .row("refused", Shown.count(notDone.size() - heldBack))
            .toString());
    if (!notDone.isEmpty()) {
      Table table = new Table("correction", "of transfer", "amount>", "", "why");
      for (CorrectionSubmission.NotDone each :
          notDone.subList(0, Math.min(SHOWN_MAX, notDone.size()))) {
        table.row(
            each.correction().correction().id().toId(),
            each.correction().original().id().toId(),
            Shown.amount(each.correction().correction().amount(), scale),
            each.heldBack() ? "held back" : "refused",
            StatusWords.of(each.status()));
      }
      print("");
      print(table.toString());
      if (notDone.size() > SHOWN_MAX) {
        print("and " + Shown.count(notDone.size() - SHOWN_MAX) + " more; --json lists all");
      }
    }
  }

  private void write(CorrectionSubmission submission, CorrectionProposal proposal) {
    print(
        out -> {
          out.writeStartObject();
          out.writeStringField("proposed_by", proposal.proposer());
          out.writeStringField("approved_by", String.valueOf(approver).strip());
          out.writeStringField("sha256", proposal.sha256());
          ProposalFile.writeSums(out, proposal);
          out.writeNumberField("created", submission.created());
          out.writeNumberField("existed", submission.existed());
          out.writeArrayFieldStart("not_done");
          for (CorrectionSubmission.NotDone each : submission.notDone()) {
            out.writeStartObject();
            out.writeStringField("id", each.correction().correction().id().toId());
            out.writeStringField("original_id", each.correction().original().id().toId());
            out.writeStringField("status", each.status().label());
            out.writeBooleanField("held_back", each.heldBack());
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }
}
