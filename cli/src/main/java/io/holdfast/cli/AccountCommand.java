package io.holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands on accounts. */
@Command(
    name = "account",
    description = "Open accounts and look at them.",
    subcommands = {
      AccountCreateCommand.class,
      AccountShowCommand.class,
      AccountBalanceCommand.class,
      AccountHistoryCommand.class,
      AccountListCommand.class,
    })
final class AccountCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: create, show, balance, history or list");
  }
}
