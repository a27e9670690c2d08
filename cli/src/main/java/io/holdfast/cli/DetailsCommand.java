package io.holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands on the keys that the details of transfers are sealed under. */
@Command(
    name = "details",
    description = "Show the keys that details of transfers are sealed under, and erase a period's.",
    subcommands = {
      DetailsKeysCommand.class,
      DetailsDestroyKeyCommand.class,
    })
final class DetailsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "say what to do: keys or destroy-key");
  }
}
