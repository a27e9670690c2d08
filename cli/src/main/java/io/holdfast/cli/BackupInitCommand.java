package io.holdfast.cli;

import io.holdfast.vault.MasterKey;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.Repository;
import io.holdfast.vault.VaultKeys;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a repository. */
@Command(
    name = "init",
    description = {
      "Make a repository of backups in an empty directory, bucket or prefix.",
      "What it will hold is sealed; the master key given here opens it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast backup key new main.key",
      "  holdfast backup init --repository file:/backup --key-file main.key",
      "  holdfast backup init --repository s3://bucket/ledger --region eu-central-1 \\",
      "    --passphrase-file pass.txt",
    })
final class BackupInitCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final RepositoryOptions repositories = new RepositoryOptions();

  @Option(
      names = "--slot",
      paramLabel = "NAME",
      defaultValue = VaultKeys.FIRST_SLOT,
      description = "What to call the master key's slot (default: ${DEFAULT-VALUE}).")
  private String slot = VaultKeys.FIRST_SLOT;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  BackupInitCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    RepositoryOptions.Chosen chosen = repositories.toMake(console);
    MasterKey master = chosen.master().get();
    master.check();
    try (Repository repository = Repositories.create(chosen.location())) {
      VaultKeys keys = VaultKeys.create(repository, master, slot);
      new KeySlotsView(repository.describe(), keys.object(), keys.slot())
          .print(
              console,
              json,
              "made repository " + keys.object().repository() + " in " + repository.describe());
    }
    return ExitCodes.OK;
  }
}
