package io.holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Adds a node to a running site. */
@Command(
    name = "add",
    description = {
      "Add a node to a running site. It gets journal and checkpoints from the others first.",
      "Sites have 1, 3 or 5 nodes: add two, for an even number survives no more failures."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast node add n4                                to the local site: does it all",
      "  holdfast node add n4 --dir site --address 10.0.0.4:7400 --rest 127.0.0.1:7300",
      "                                                      makes site/n4, to take to its machine",
    })
final class NodeAddCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "A name that the site never had.")
  private String name = "";

  @Mixin private final NewMemberOptions options = new NewMemberOptions();

  NodeAddCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return new NewMember(console, options).take(name, null);
  }
}
