package io.holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands on backups. */
@Command(
    name = "backup",
    description =
        "Backups: repositories and their keys, what is in them, and the past seen from them.",
    subcommands = {
      BackupInitCommand.class,
      BackupRunCommand.class,
      BackupStatusCommand.class,
      BackupListCommand.class,
      BackupShowCommand.class,
      BackupVerifyCommand.class,
      BackupExpireCommand.class,
      BackupHoldCommand.class,
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
        "say what to do: " + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
