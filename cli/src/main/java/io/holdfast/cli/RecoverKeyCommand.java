package io.holdfast.cli;

import io.holdfast.node.SiteRecovery;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes an operator's key. */
@Command(
    name = "key",
    description = {
      "Make the key that an operator signs with, and FILE.pub, which others need to trust it.",
      "Each operator makes their own and gives nobody FILE."
    },
    footerHeading = "%nExample:%n",
    footer = "  holdfast recover key --name zoe --out zoe.key")
final class RecoverKeyCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--name",
      required = true,
      paramLabel = "NAME",
      description = "The operator's name: lower-case letters, digits and dashes.")
  private String name = "";

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to write it.")
  private Path out = Path.of("");

  RecoverKeyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path file = console.resolve(out);
    String publicKey = SiteRecovery.createKey(name, file);
    console.out().println(file + ": " + name + "'s key; keep it secret");
    console.out().println(file + ".pub: for all who are to trust it");
    console.out().println("public key " + publicKey);
    return ExitCodes.OK;
  }
}
