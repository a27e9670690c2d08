package io.holdfast.cli;

import io.holdfast.kernel.SystemClock;
import io.holdfast.node.NewSite;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Gives a node a fresh key and certificate. */
@Command(
    name = "renew",
    description = {
      "Give a node a fresh key and certificate, for the same hosts as before.",
      "A running node takes them by itself within a second of its next connection."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  holdfast renew --ca site/ca --node-dir site/n1",
      "",
      "Then take node.key and node.crt to the node's machine, into its keys directory.",
    })
final class RenewCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--ca",
      required = true,
      paramLabel = "DIR",
      description = "The ledger's authority, as init made it.")
  private Path authority = Path.of("");

  @Option(
      names = "--node-dir",
      required = true,
      paramLabel = "DIR",
      description = "The node's directory, or the copy of it that init made.")
  private Path node = Path.of("");

  RenewCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path home = console.resolve(node);
    Instant until = NewSite.renew(console.resolve(authority), home, new SystemClock());
    console.out().println("renewed " + home.resolve("keys") + ", valid until " + until);
    return ExitCodes.OK;
  }
}
