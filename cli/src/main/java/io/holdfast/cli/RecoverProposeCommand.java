package io.holdfast.cli;

import io.holdfast.kernel.SystemClock;
import io.holdfast.node.SiteRecovery;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a proposal. */
@Command(
    name = "propose",
    description = {
      "Write a proposal to go on from a stopped node's data, for two operators to sign.",
      "Changes nothing in the directory."
    },
    footerHeading = "%nExample:%n",
    footer = "  holdfast recover propose n1 --reason 'fire in Lyon, n2 and n3 burnt' --out p.json")
final class RecoverProposeCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "DIR", description = "The stopped node's directory.")
  private Path directory = Path.of("");

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why, in a line; the site's log keeps it.")
  private String reason = "";

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to write it.")
  private Path out = Path.of("");

  RecoverProposeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    RecoverSummary.print(
        console,
        SiteRecovery.propose(
            console.resolve(directory), reason, console.resolve(out), new SystemClock()));
    return ExitCodes.OK;
  }
}
