package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.MasterKey;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.Repository;
import io.holdfast.vault.VaultKeys;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a master key that opens a repository. */
@Command(
    name = "add",
    description = "Add a slot for one more master key; the ones there are stay as they are.",
    footerHeading = "%nExample:%n",
    footer = {
      "  holdfast backup key add escrow --new-key-file escrow.key \\",
      "    --repository file:/backup --key-file main.key",
    })
final class BackupKeyAddCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "SLOT", description = "What to call the new slot.")
  private String slot = "";

  @Mixin private final NewMasterKeyOptions added = new NewMasterKeyOptions();
  @Mixin private final RepositoryOptions repositories = new RepositoryOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  BackupKeyAddCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    MasterKey master = added.masterKey(console);
    if (master == null) {
      throw new HoldfastException(
          "usage",
          "no new master key is given",
          "--new-key-file, --new-passphrase-file, --new-passphrase or --new-kms");
    }
    RepositoryOptions.Chosen chosen = repositories.one(console);
    try (Repository repository = Repositories.open(chosen.location())) {
      VaultKeys opened = VaultKeys.open(repository, chosen.master().get());
      VaultKeys keys = opened.add(slot, master);
      new KeySlotsView(repository.describe(), keys.object(), keys.slot())
          .print(console, json, "added slot " + slot + " to " + repository.describe());
    }
    return ExitCodes.OK;
  }
}
