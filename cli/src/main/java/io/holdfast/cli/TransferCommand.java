package io.holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands on transfers. */
@Command(
    name = "transfer",
    description = "Move money, now or in two steps, and look at transfers.",
    subcommands = {
      TransferCreateCommand.class,
      TransferShowCommand.class,
      TransferListCommand.class,
      TransferPostCommand.class,
      TransferVoidCommand.class,
    })
final class TransferCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: create, show, list, post or void");
  }
}
