package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.node.StoppedNode;
import io.holdfast.vault.Archive;
import io.holdfast.vault.Backup;
import io.holdfast.vault.Manifests;
import io.holdfast.vault.MasterKey;
import io.holdfast.vault.Vault;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes an archive of a backup. */
@Command(
    name = "export",
    description = {
      "Make one sealed file of a backup, for tape or an air gap, with all that a restore needs.",
      "Of a repository's newest backup, or of --backup ID, or of a stopped node.",
      "It is opened by the repository's master key, unless another is given for it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast backup export ledger.archive --repository file:/backup --key-file main.key",
      "  holdfast backup export ledger.archive --offline holdfast-data/n1 \\",
      "    --archive-key-file vault.key",
    })
final class BackupExportCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "FILE", description = "The archive; it must not be there yet.")
  private Path file = Path.of("");

  @Option(
      names = "--offline",
      paramLabel = "DIR",
      description = "The directory of a stopped node, instead of a repository.")
  private @Nullable Path offline;

  @Option(
      names = "--backup",
      paramLabel = "ID",
      description = "Which backup, as 'backup list' shows it (default: the newest).")
  private String id = "";

  @Mixin private final RepositoryOptions repositories = new RepositoryOptions();

  @Mixin private final ArchiveKeyOptions archiveKey = new ArchiveKeyOptions();

  @Option(names = "--json", description = "Print JSON, errors included.")
  private boolean json;

  BackupExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (offline != null && (repositories.given() || !id.isEmpty())) {
      throw new HoldfastException(
          "usage",
          "--offline "
              + offline
              + " and "
              + (repositories.given() ? "a repository" : "--backup " + id)
              + " are both given; allowed: one of them",
          "an archive is made of a stopped node, or of a backup in a repository");
    }
    Path target = console.resolve(file);
    Archive.Exported exported =
        offline == null ? ofRepository(target) : ofNode(target, console.resolve(offline));
    Manifests.Named backup = exported.backup();
    if (json) {
      JsonBody body =
          out -> {
            out.writeStartObject();
            out.writeStringField("archive", target.toString());
            out.writeNumberField("size_bytes", exported.sizeBytes());
            BackupRows.write(out, backup);
            out.writeEndObject();
          };
      body.printTo(console);
    } else {
      console
          .out()
          .println(
              target
                  + ": "
                  + ByteSizes.shown(exported.sizeBytes())
                  + ", up to op "
                  + Shown.count(backup.manifest().lastOp())
                  + " of "
                  + Shown.time(backup.manifest().lastTime()));
    }
    return ExitCodes.OK;
  }

  private Archive.Exported ofNode(Path target, Path directory) {
    MasterKey master = archiveKey.masterKey(console, true);
    try (StoppedNode node = OfflineNode.open(directory);
        BackupProgress progress = new BackupProgress(console, json)) {
      return Archive.export(node.source(), target, master, Backup.Options.USUAL, progress);
    }
  }

  private Archive.Exported ofRepository(Path target) {
    RepositoryOptions.Chosen chosen = repositories.one(console);
    MasterKey master =
        archiveKey.given() ? archiveKey.masterKey(console, true) : chosen.master().get();
    try (Vault vault = chosen.open();
        BackupProgress progress = new BackupProgress(console, json)) {
      List<Manifests.Named> backups = Manifests.all(vault).backups();
      if (backups.isEmpty()) {
        throw new HoldfastException(
            "no-such-backup",
            "there is no backup in " + vault.repository().describe(),
            "take one first: 'holdfast backup run'");
      }
      Manifests.Named backup = id.isEmpty() ? backups.getLast() : Manifests.find(vault, id);
      return Archive.export(vault, backup, target, master, progress);
    }
  }
}
