package io.holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands on the site's own log: what operators did, what went wrong, and when. */
@Command(
    name = "log",
    description = "Look at the site's own log: acts, incidents, starts and stops of its nodes.",
    subcommands = {
      LogShowCommand.class,
      LogVerifyCommand.class,
    })
final class LogCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "say what to do: show or verify");
  }
}
