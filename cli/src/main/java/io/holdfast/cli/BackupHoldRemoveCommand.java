package io.holdfast.cli;

import io.holdfast.vault.Holds;
import io.holdfast.vault.Vault;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lifts a hold. */
@Command(
    name = "remove",
    description = "Lift a hold: the rules decide again whether its backup stays.",
    footerHeading = "%nExample:%n",
    footer = "  holdfast backup hold remove 7be11a04 --config holdfast.yaml --name main")
final class BackupHoldRemoveCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final RepositoryOptions repositories = new RepositoryOptions();

  @Parameters(paramLabel = "HOLD", description = "How its id begins.")
  private String hold = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  BackupHoldRemoveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Holds.Named removed;
    try (Vault vault = repositories.open(console)) {
      removed = Holds.remove(vault, hold);
    }
    if (json) {
      BackupHoldListCommand.body(removed).printTo(console);
    } else {
      console.out().println("lifted hold " + removed.id() + ": " + removed.hold().reason());
    }
    return ExitCodes.OK;
  }
}
