package io.holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands on backups. */
@Command(
    name = "backup",
    description = {
      "Repositories of backups: make them, look after their keys, and look at the ledger as it was.",
    },
    subcommands = {
      BackupInitCommand.class,
      BackupKeyCommand.class,
      BackupPreviewCommand.class,
      BackupCorrectCommand.class,
    })
final class BackupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: " + String.join(", ", spec.subcommands().keySet()));
  }
}
