package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.MasterKey;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.Repository;
import io.holdfast.vault.VaultKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Replaces keys. */
@Command(
    name = "rotate",
    description = {
      "Put a new master key in the place of the one given, make new keys for data, or both.",
      "Nothing is uploaded again: what is there stays readable under its old keys.",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast backup key rotate --new-key-file 2027.key \\",
      "    --repository file:/backup --key-file 2026.key",
      "  holdfast backup key rotate --data --repository file:/backup --key-file main.key",
    })
final class BackupKeyRotateCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--data", description = "New keys for data and signatures, for all slots.")
  private boolean data;

  @Mixin private final NewMasterKeyOptions replacing = new NewMasterKeyOptions();
  @Mixin private final RepositoryOptions repositories = new RepositoryOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  BackupKeyRotateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    MasterKey master = replacing.masterKey(console);
    if (master == null && !data) {
      throw new HoldfastException(
          "usage",
          "nothing to rotate is given",
          "a new master key by --new-key-file, --new-passphrase-file, --new-passphrase or"
              + " --new-kms; new keys for data by --data");
    }
    RepositoryOptions.Chosen chosen = repositories.one(console);
    try (Repository repository = Repositories.open(chosen.location())) {
      VaultKeys opened = VaultKeys.open(repository, chosen.master().get());
      VaultKeys keys = opened.rotate(master, data);
      List<String> done = new ArrayList<>();
      if (master != null) {
        done.add("slot " + keys.slot() + " has a new master key");
      }
      if (data) {
        done.add("what is written from now on is sealed under new keys");
      }
      new KeySlotsView(repository.describe(), keys.object(), keys.slot())
          .print(console, json, repository.describe() + ": " + String.join("; ", done));
    }
    return ExitCodes.OK;
  }
}
