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
      "Back up a ledger into repositories and look after those; look at the ledger as it was, and",
      "correct what went wrong since."
    },
    subcommands = {
      BackupInitCommand.class,
      BackupRunCommand.class,
      BackupListCommand.class,
      BackupShowCommand.class,
      BackupExportCommand.class,
      BackupImportCommand.class,
      BackupPreviewCommand.class,
      BackupCorrectCommand.class,
      BackupKeyCommand.class,
    })
final class BackupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "say what to do: init, run, list, show, export, import, preview, correct or key");
  }
}
