package io.holdfast.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.node.StoppedNode;
import io.holdfast.vault.Backup;
import io.holdfast.vault.BackupManifest;
import io.holdfast.vault.Vault;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Backs up a running site, or a node that is stopped. */
@Command(
    name = "run",
    description = {
      "Back up a running site, or a node that is stopped.",
      "What the repository lacks of a node's journal, checkpoint and keys is sent. A running site",
      "does it itself, on a node that follows; with --offline it is done here, of a stopped node.",
      "Interrupted, it goes on where it was when it is run again."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast backup run --repository-name main",
      "  holdfast backup run --offline holdfast-data/n1 --repository file:/backup --key-file main.key",
      "  holdfast backup run --offline holdfast-data/n1 --config holdfast-data/n1/holdfast.yaml",
    })
final class BackupRunCommand implements Callable<Integer> {
  private static final long MILLION = 1_000_000;

  private final Console console;

  @Option(
      names = "--offline",
      paramLabel = "DIR",
      description = "The directory of the stopped node.")
  private @Nullable Path offline;

  @Mixin private final RepositoryOptions repositories = new RepositoryOptions();

  @Option(
      names = "--repository-name",
      paramLabel = "NAME",
      description = "Of a running site: the repository of holdfast.yaml; may be left out for one.")
  private @Nullable String repositoryName;

  @Mixin private final AdminNodesOptions admin = new AdminNodesOptions();

  @Option(
      names = "--replay-bound",
      paramLabel = "TRANSFERS",
      description =
          "Send a checkpoint when more were created since the last one (default: 10000000).")
  private String replayBound = Long.toString(Backup.Options.REPLAY_BOUND_TRANSFERS);

  @Option(
      names = "--rate",
      paramLabel = "MB",
      description = "Read no more than so many MB in a second (default: 0, as fast as it goes).")
  private String rate = "0";

  @Option(names = "--json", description = "Print JSON, errors included.")
  private boolean json;

  BackupRunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (offline == null) {
      return hot();
    }
    Backup.Options options =
        new Backup.Options(
            Arguments.number("--replay-bound", replayBound, 63).longValue(),
            Arguments.number("--rate", rate, 32).longValue() * MILLION,
            Backup.Options.AT_ONCE);
    try (StoppedNode node = OfflineNode.open(console.resolve(offline));
        Vault vault = repositories.open(console)) {
      Backup.Result result;
      try (BackupProgress progress = new BackupProgress(console, json)) {
        result = Backup.run(vault, node.source(), options, new SystemClock(), progress);
      }
      print(result, vault.repository().describe());
    }
    return ExitCodes.OK;
  }

  private int hot() {
    if (repositories.given()) {
      throw new HoldfastException(
          "usage",
          "a running site knows its repositories by name; nothing else can be said of them",
          "name one of those in holdfast.yaml by --repository-name, or a stopped node by --offline");
    }
    HotBackup.Done done;
    try (BackupProgress progress = new BackupProgress(console, json)) {
      done = new HotBackup(admin.nodes(console), progress).run(repositoryName);
    }
    JsonNode last = done.repository().path("last_backup");
    if (json) {
      console.out().println(done.repository().toPrettyString());
    } else {
      console
          .out()
          .println(
              "backup %s in %s by node %s: up to op %s, sent %s in %s ms"
                  .formatted(
                      last.path("name").asText(),
                      done.repository().path("location").asText(),
                      done.node(),
                      Shown.count(last.path("last_op").asLong()),
                      ByteSizes.shown(last.path("sent_bytes").asLong()),
                      Shown.count(last.path("took_millis").asLong())));
    }
    return ExitCodes.OK;
  }

  private void print(Backup.Result result, String where) {
    BackupManifest manifest = result.manifest();
    if (json) {
      JsonBody body =
          out -> {
            out.writeStartObject();
            BackupRows.write(out, result.named());
            out.writeNumberField("read_bytes", result.readBytes());
            out.writeNumberField("reused_bytes", result.reusedBytes());
            out.writeNumberField("checkpoint_op", result.checkpointOp());
            out.writeNumberField("seconds", Math.round(result.seconds() * 1000) / 1000.0);
            out.writeArrayFieldStart("warnings");
            for (String warning : result.warnings()) {
              out.writeString(warning);
            }
            out.writeEndArray();
            out.writeEndObject();
          };
      body.printTo(console);
      return;
    }
    console
        .out()
        .println(
            String.format(
                Locale.ROOT,
                "backup %s in %s: up to op %s of %s",
                result.named().id(),
                where,
                Shown.count(manifest.lastOp()),
                Shown.time(manifest.lastTime())));
    console
        .out()
        .println(
            String.format(
                Locale.ROOT,
                "%s, of which earlier backups had %s; sent %s in %.1f s, %.0f MB/s%s",
                ByteSizes.shown(manifest.sourceBytes()),
                ByteSizes.shown(result.reusedBytes()),
                ByteSizes.shown(manifest.sentBytes()),
                result.seconds(),
                result.megabytesPerSecond(),
                result.checkpointOp() == 0
                    ? ""
                    : "; with the checkpoint after op " + Shown.count(result.checkpointOp())));
    for (String warning : result.warnings()) {
      console.err().println("warning: " + warning);
    }
  }
}
