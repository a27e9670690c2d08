package io.holdfast.cli;

import io.holdfast.node.SiteRecovery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what the directories of stopped nodes have, the one furthest ahead first. */
@Command(
    name = "inspect",
    description = {
      "Show what stopped nodes have on disk, the one that is furthest ahead first.",
      "Changes nothing. Journal and log of each must be whole."
    },
    footerHeading = "%nExample:%n",
    footer = "  holdfast recover inspect /mnt/n1 /mnt/n4")
final class RecoverInspectCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "DIR", arity = "1..*", description = "Directories of stopped nodes.")
  private List<Path> directories = new ArrayList<>();

  @Option(names = "--json", description = "Print JSON, errors included.")
  private boolean json;

  RecoverInspectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<SiteRecovery.Found> found =
        SiteRecovery.inspect(directories.stream().map(console::resolve).toList());
    if (json) {
      print(found);
    } else {
      Table table =
          new Table("node", "incarnation", "journal>", "with log>", "term>", "entry>", "vote>", "");
      for (SiteRecovery.Found one : found) {
        if (one.ledger().isEmpty()) {
          table.row(one.directory(), "", "", "", "", "", "", one.problem());
        } else {
          table.row(
              one.node(),
              one.incarnation(),
              "op " + one.journalOp(),
              "op " + one.lastOp(),
              one.logTerm(),
              one.logIndex(),
              one.voteTerm(),
              one.problem());
        }
      }
      console.out().println(table);
      for (SiteRecovery.Found one : found) {
        if (!one.ledger().isEmpty()) {
          console
              .out()
              .println(
                  "%s: chain after op %d: %s"
                      .formatted(one.node(), one.journalOp(), one.journalChain()));
        }
      }
      tell(found);
    }
    return found.stream().anyMatch(one -> one.problem().isEmpty())
        ? ExitCodes.OK
        : ExitCodes.FAILED;
  }

  private void tell(List<SiteRecovery.Found> found) {
    SiteRecovery.Found first = found.getFirst();
    if (!first.problem().isEmpty()) {
      return;
    }
    boolean mixed =
        found.stream()
            .anyMatch(
                one ->
                    !one.ledger().isEmpty()
                        && (!one.ledger().equals(first.ledger())
                            || !one.incarnation().equals(first.incarnation())));
    console
        .out()
        .println(
            mixed
                ? "These are of different ledgers or incarnations: compare only those of one."
                : first.node()
                    + " has the last term and entry of these; nothing that the others have is"
                    + " missing in it.");
  }

  private void print(List<SiteRecovery.Found> found) {
    JsonBody body =
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("nodes");
          for (SiteRecovery.Found one : found) {
            out.writeStartObject();
            out.writeStringField("directory", one.directory().toString());
            if (!one.ledger().isEmpty()) {
              out.writeStringField("node", one.node());
              out.writeStringField("ledger", one.ledger());
              out.writeStringField("incarnation", one.incarnation());
              out.writeNumberField("journal_op", one.journalOp());
              out.writeStringField("journal_chain", one.journalChain());
              out.writeNumberField("last_op", one.lastOp());
              out.writeNumberField("log_term", one.logTerm());
              out.writeNumberField("log_index", one.logIndex());
              out.writeNumberField("vote_term", one.voteTerm());
            }
            if (!one.problem().isEmpty()) {
              out.writeStringField("problem", one.problem());
            }
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeEndObject();
        };
    body.printTo(console);
  }
}
