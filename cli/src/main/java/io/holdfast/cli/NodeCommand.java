package io.holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands that change which nodes a site has, while it pays on. */
@Command(
    name = "node",
    description = "Replace, add or remove nodes of a running site.",
    subcommands = {
      NodeReplaceCommand.class,
      NodeAddCommand.class,
      NodeRemoveCommand.class,
    })
final class NodeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "say what to do: replace, add or remove");
  }
}
