package io.holdfast.cli;

import io.holdfast.kernel.SystemClock;
import io.holdfast.node.SiteRecovery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Does what a signed proposal says. */
@Command(
    name = "apply",
    description = {
      "Make a stopped node's directory begin a new incarnation of its site, as two operators signed.",
      "Interrupted anywhere, it can be run again; until it is done the node does not start."
    },
    footerHeading = "%nExample:%n",
    footer = "  holdfast recover apply p.json n1 --trust zoe.key.pub --trust max.key.pub")
final class RecoverApplyCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "PROPOSAL", description = "The signed proposal.")
  private Path proposal = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "The stopped node's directory, with its holdfast.yaml.")
  private Path directory = Path.of("");

  @Option(
      names = "--trust",
      required = true,
      paramLabel = "PUB",
      description = "An operator's public key; for each of those whose signatures count.")
  private List<Path> trusted = new ArrayList<>();

  RecoverApplyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path home = console.resolve(directory);
    SiteRecovery.Applied applied =
        SiteRecovery.apply(
            console.resolve(proposal),
            home,
            trusted.stream().map(console::resolve).toList(),
            console.environment(),
            "operator " + System.getProperty("user.name"),
            new SystemClock());
    console
        .out()
        .println(
            applied.node()
                + " begins incarnation "
                + applied.incarnation()
                + " after op "
                + applied.op()
                + ", chain "
                + applied.chain());
    console.out().println("start it, then take other nodes in with 'holdfast node add':");
    console
        .out()
        .println("  " + console.command() + " serve --config " + home.resolve("holdfast.yaml"));
    return ExitCodes.OK;
  }
}
