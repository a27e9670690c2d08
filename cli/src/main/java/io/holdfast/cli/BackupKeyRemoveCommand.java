package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.Repository;
import io.holdfast.vault.VaultKeys;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes a master key. */
@Command(
    name = "remove",
    description = {
      "Remove a slot: its master key no longer opens the repository. The last one stays.",
      "Whoever kept a copy of the repository's objects can still open what was sealed until",
      "now; 'key rotate --data' afterwards keeps what comes from them."
    },
    footerHeading = "%nExample:%n",
    footer =
        "  holdfast backup key remove escrow --yes --repository file:/backup --key-file main.key")
final class BackupKeyRemoveCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "SLOT", description = "The slot's name.")
  private String slot = "";

  @Option(names = "--yes", description = "Do it.")
  private boolean yes;

  @Mixin private final RepositoryOptions repositories = new RepositoryOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  BackupKeyRemoveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    RepositoryOptions.Chosen chosen = repositories.one(console);
    try (Repository repository = Repositories.open(chosen.location())) {
      VaultKeys keys = VaultKeys.open(repository, chosen.master().get());
      if (!yes) {
        throw new HoldfastException(
            "not-confirmed",
            "this takes slot "
                + slot
                + " from "
                + repository.describe()
                + ", and its master key with it; nothing was done",
            "to do it, add --yes"
                + (slot.equals(keys.slot())
                    ? "; it is the slot of the key given: check another one first"
                    : ""));
      }
      VaultKeys left = keys.remove(slot);
      new KeySlotsView(repository.describe(), left.object(), left.slot())
          .print(console, json, "removed slot " + slot + " from " + repository.describe());
    }
    return ExitCodes.OK;
  }
}
