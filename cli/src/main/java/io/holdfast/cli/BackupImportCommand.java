package io.holdfast.cli;

import io.holdfast.kernel.SystemClock;
import io.holdfast.vault.Archive;
import io.holdfast.vault.Manifests;
import io.holdfast.vault.MasterKey;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.RepositoryLocation;
import io.holdfast.vault.Vault;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts an archive's backup into a repository. */
@Command(
    name = "import",
    description = {
      "Put the backup of an archive into a repository, sealed anew under that repository's keys.",
      "What the repository has already is not sent again; interrupted, run it again."
    },
    footerHeading = "%nExample:%n",
    footer =
        "  holdfast backup import ledger.archive --repository file:/backup --key-file main.key")
final class BackupImportCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "FILE", description = "The archive.")
  private Path file = Path.of("");

  @Mixin private final RepositoryOptions repositories = new RepositoryOptions();

  @Mixin private final ArchiveKeyOptions archiveKey = new ArchiveKeyOptions();

  @Option(names = "--json", description = "Print JSON, errors included.")
  private boolean json;

  BackupImportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    RepositoryOptions.Chosen chosen = repositories.one(console);
    MasterKey master =
        archiveKey.given() ? archiveKey.masterKey(console, false) : chosen.master().get();
    Manifests.Named backup;
    String where;
    try (Vault archive =
            Vault.open(
                Repositories.open(new RepositoryLocation.InArchive(console.resolve(file))),
                master);
        Vault repository = chosen.open();
        BackupProgress progress = new BackupProgress(console, json)) {
      backup = Archive.importInto(archive, repository, new SystemClock(), progress);
      where = repository.repository().describe();
    }
    if (json) {
      JsonBody body =
          out -> {
            out.writeStartObject();
            BackupRows.write(out, backup);
            out.writeEndObject();
          };
      body.printTo(console);
    } else {
      console
          .out()
          .println(
              "backup "
                  + backup.id()
                  + " in "
                  + where
                  + ": up to op "
                  + Shown.count(backup.manifest().lastOp())
                  + " of "
                  + Shown.time(backup.manifest().lastTime())
                  + "; sent "
                  + ByteSizes.shown(backup.manifest().sentBytes()));
    }
    return ExitCodes.OK;
  }
}
