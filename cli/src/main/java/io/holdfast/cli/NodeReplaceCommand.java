package io.holdfast.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a new node in the place of one that lost its disk. */
@Command(
    name = "replace",
    description = {
      "Put a new node in the place of one that lost its disk, while the site pays on.",
      "It comes under a new name, gets journal and checkpoints from the others, and takes the old"
          + " one's place in one change of the site's members."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast node replace n2                            a node of the local site: does it all",
      "  holdfast node replace n2 --dir site --address 10.0.0.2:7400",
      "                                                      makes site/n2-2, to take to its machine",
      "",
      "Stopped at any step, it goes on when the new node is started again. See"
          + " docs/operate/replace-a-node.md.",
    })
final class NodeReplaceCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "OLD", description = "The member to be replaced.")
  private String old = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The new node's name (default: OLD-2, then OLD-3 …).")
  private @Nullable String name;

  @Mixin private final NewMemberOptions options = new NewMemberOptions();

  NodeReplaceCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return new NewMember(console, options).take(name, old);
  }
}
