package io.holdfast.cli;

import io.holdfast.vault.Repositories;
import io.holdfast.vault.Repository;
import io.holdfast.vault.VaultKeys;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Proves that a master key opens a repository. */
@Command(
    name = "check",
    description = {
      "Prove that a master key opens the repository, by opening its keys and something stored.",
      "Do so for each copy of each master key now and then, before it matters."
    },
    footerHeading = "%nExample:%n",
    footer = "  holdfast backup key check --repository file:/backup --key-file escrow.key")
final class BackupKeyCheckCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final RepositoryOptions repositories = new RepositoryOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  BackupKeyCheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    RepositoryOptions.Chosen chosen = repositories.one(console);
    try (Repository repository = Repositories.open(chosen.location())) {
      VaultKeys keys = VaultKeys.open(repository, chosen.master().get());
      String sample = keys.opensOneBackup();
      new KeySlotsView(repository.describe(), keys.object(), keys.slot())
          .print(
              console,
              json,
              "the master key opens repository "
                  + keys.object().repository()
                  + " in "
                  + repository.describe()
                  + (sample.isEmpty() ? ", which has no backup yet" : " and its " + sample));
    }
    return ExitCodes.OK;
  }
}
