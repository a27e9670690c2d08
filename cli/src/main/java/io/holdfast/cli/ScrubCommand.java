package io.holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands on what nodes have on disk and read again. */
@Command(
    name = "scrub",
    description = "Let nodes read again all that they have on disk, and mend it from each other.",
    subcommands = {ScrubNowCommand.class, ScrubStatusCommand.class})
final class ScrubCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "say what to do: now or status");
  }
}
