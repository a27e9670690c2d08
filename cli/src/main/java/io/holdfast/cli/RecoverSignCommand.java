package io.holdfast.cli;

import io.holdfast.node.SiteRecovery;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Signs a proposal, or shows it. */
@Command(
    name = "sign",
    description = "Sign a proposal; without --key, only show what it says.",
    footerHeading = "%nExample:%n",
    footer = "  holdfast recover sign p.json --key zoe.key")
final class RecoverSignCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "PROPOSAL", description = "The proposal; the signature is added to it.")
  private Path proposal = Path.of("");

  @Option(names = "--key", paramLabel = "FILE", description = "The operator's own key.")
  private @Nullable Path key;

  RecoverSignCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path file = console.resolve(proposal);
    RecoverSummary.print(
        console,
        key == null ? SiteRecovery.read(file) : SiteRecovery.sign(file, console.resolve(key)));
    return ExitCodes.OK;
  }
}
