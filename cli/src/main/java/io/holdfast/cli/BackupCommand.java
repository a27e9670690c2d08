package io.holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands on backups. */
@Command(
    name = "backup",
    description = "Look at the ledger as it was, and correct what went wrong since.",
    subcommands = {
      BackupPreviewCommand.class,
      BackupCorrectCommand.class,
    })
final class BackupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "say what to do: preview or correct");
  }
}
