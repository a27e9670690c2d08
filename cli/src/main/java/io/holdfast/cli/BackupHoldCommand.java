package io.holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands on legal holds. */
@Command(
    name = "hold",
    description = {
      "Backups that must not be deleted, whatever the rules say: for a court, an audit, an inquiry."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast backup hold add 3f2a90c1 --reason 'case 17' --as 'Ann Ko' \\",
      "      --config holdfast.yaml --name main",
      "  holdfast backup hold list --config holdfast.yaml --name main",
    },
    subcommands = {
      BackupHoldAddCommand.class,
      BackupHoldListCommand.class,
      BackupHoldRemoveCommand.class,
    })
final class BackupHoldCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "say what to do: add, list or remove");
  }
}
