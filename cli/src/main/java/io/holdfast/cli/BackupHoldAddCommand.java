package io.holdfast.cli;

import io.holdfast.kernel.Clock;
import io.holdfast.kernel.SystemClock;
import io.holdfast.vault.Holds;
import io.holdfast.vault.Manifests;
import io.holdfast.vault.Pause;
import io.holdfast.vault.Turn;
import io.holdfast.vault.Vault;
import io.holdfast.vault.Writers;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a hold. */
@Command(
    name = "add",
    description = {
      "Hold a backup: it stays, with all that it needs, until the hold is lifted.",
      "While backups are being deleted it waits for a minute, then refuses."
    },
    footerHeading = "%nExample:%n",
    footer =
        "  holdfast backup hold add 3f2a90c1 --reason 'case 17' --as 'Ann Ko' --config"
            + " holdfast.yaml --name here")
final class BackupHoldAddCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Console console;

  @Mixin private final RepositoryOptions repositories = new RepositoryOptions();

  @Parameters(paramLabel = "BACKUP", description = "How its id begins.")
  private String backup = "";

  @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
  private String reason = "";

  @Option(names = "--as", required = true, paramLabel = "NAME", description = "Who asks for it.")
  private String as = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  BackupHoldAddCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Arguments.demandText("--reason", reason);
    Arguments.demandText("--as", as);
    Clock clock = new SystemClock();
    try (Vault vault = repositories.open(console);
        Turn turn = new Writers(vault, clock, Pause.SYSTEM).enter(Writers.Role.BACKUP, PATIENCE)) {
      Manifests.Named held = Manifests.find(vault, backup);
      Holds.Hold hold =
          new Holds.Hold(Holds.Hold.FORMAT, held.name(), reason, as, clock.wallNanos());
      turn.check();
      Holds.Named named = new Holds.Named(Holds.add(vault, hold), hold);
      if (json) {
        BackupHoldListCommand.body(named).printTo(console);
      } else {
        console.out().println("held backup " + held.id() + " by hold " + named.id());
      }
    }
    return ExitCodes.OK;
  }
}
