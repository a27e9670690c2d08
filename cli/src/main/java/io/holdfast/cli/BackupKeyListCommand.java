package io.holdfast.cli;

import io.holdfast.vault.KeysObject;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.Repository;
import io.holdfast.vault.VaultKeys;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the key slots of a repository. */
@Command(
    name = "list",
    description = {
      "List the key slots of a repository: which kinds of master keys open it, and since when.",
      "Needs no master key, and proves nothing; 'key check' does."
    },
    footerHeading = "%nExample:%n",
    footer = "  holdfast backup key list --repository file:/backup")
final class BackupKeyListCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final RepositoryOptions repositories = new RepositoryOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  BackupKeyListCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (Repository repository = Repositories.open(repositories.one(console).location())) {
      KeysObject keys = VaultKeys.stored(repository);
      new KeySlotsView(repository.describe(), keys, null)
          .print(console, json, "repository " + keys.repository() + " in " + repository.describe());
    }
    return ExitCodes.OK;
  }
}
