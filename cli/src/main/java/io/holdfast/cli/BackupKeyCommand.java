package io.holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands on the keys of repositories. */
@Command(
    name = "key",
    description = {
      "Keys of a repository. Each slot is for one master key; any one of them opens all of it.",
      "When no master key is left, nobody can open the backups: keep two, in two places."
    },
    subcommands = {
      BackupKeyNewCommand.class,
      BackupKeyCheckCommand.class,
      BackupKeyListCommand.class,
      BackupKeyAddCommand.class,
      BackupKeyRemoveCommand.class,
      BackupKeyRotateCommand.class,
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast backup key new escrow.key",
      "  holdfast backup key add escrow --new-key-file escrow.key \\",
      "    --repository file:/backup --key-file main.key",
      "  holdfast backup key check --repository file:/backup --key-file escrow.key",
    })
final class BackupKeyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: new, check, list, add, remove or rotate");
  }
}
