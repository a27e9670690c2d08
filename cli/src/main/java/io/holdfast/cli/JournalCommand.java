package io.holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands on a node's journal, which need no running node. */
@Command(
    name = "journal",
    description = "Look at a node's journal on disk, prove that it is whole, make its index anew.",
    subcommands = {
      JournalVerifyCommand.class,
      JournalStatCommand.class,
      JournalShowCommand.class,
      JournalReindexCommand.class,
    })
final class JournalCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: verify, stat, show or reindex");
  }
}
