package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.vault.BackupManifest;
import io.holdfast.vault.BackupManifest.CheckpointRef;
import io.holdfast.vault.BackupManifest.PieceRef;
import io.holdfast.vault.BackupManifest.Segment;
import io.holdfast.vault.Manifests;
import io.holdfast.vault.Manifests.Named;
import io.holdfast.vault.Vault;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what one backup consists of. */
@Command(
    name = "show",
    description = "Show one backup: its segments, its checkpoints, and what a restore would fetch.",
    footerHeading = "%nExample:%n",
    footer = "  holdfast backup show 5f1c09aa --repository file:/backup --key-file main.key")
final class BackupShowCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "ID", description = "As 'backup list' shows it, or its first digits.")
  private String id = "";

  @Mixin private final RepositoryOptions repositories = new RepositoryOptions();

  @Option(names = "--json", description = "Print JSON, errors included.")
  private boolean json;

  BackupShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Named named;
    try (Vault vault = repositories.open(console)) {
      named = Manifests.find(vault, id);
    }
    if (json) {
      JsonBody body = out -> write(out, named);
      body.printTo(console);
    } else {
      print(named);
    }
    return ExitCodes.OK;
  }

  private static long fetched(BackupManifest manifest) {
    return manifest.segments().stream()
        .flatMap(segment -> segment.pieces().stream())
        .mapToLong(PieceRef::storedBytes)
        .sum();
  }

  private void print(Named named) {
    BackupManifest manifest = named.manifest();
    Table table =
        new Table("", "")
            .row("backup", named.id() + "  (" + named.name() + ")")
            .row("taken", Shown.time(manifest.takenAt()) + ", " + BackupRows.kind(manifest))
            .row("of", "site " + manifest.site() + ", node " + manifest.node())
            .row("ledger", manifest.ledgerId())
            .row("epoch/branch", BackupRows.branch(manifest))
            .row(
                "last op",
                Shown.count(manifest.lastOp()) + " of " + Shown.time(manifest.lastTime()))
            .row("chain", manifest.chain())
            .row("size", ByteSizes.shown(manifest.sourceBytes()))
            .row("sent", ByteSizes.shown(manifest.sentBytes()))
            .row("took", ByteSizes.duration(manifest.durationMillis() / 1000.0))
            .row("keys", Shown.count(manifest.keys().size()))
            .row("a restore fetches", ByteSizes.shown(fetched(manifest)) + " of journal");
    for (CheckpointRef checkpoint : manifest.checkpoints()) {
      table.row(
          "checkpoint",
          "after op "
              + Shown.count(checkpoint.op())
              + ", "
              + Shown.count(checkpoint.transfers())
              + " transfers, "
              + ByteSizes.shown(checkpoint.sizeBytes())
              + " in "
              + checkpoint.objects().size()
              + " objects");
    }
    console.out().println(table);
    console.out().println();
    Table segments =
        new Table("segment>", "last op>", "from", "to", "size>", "stored>", "pieces>", "");
    for (Segment segment : manifest.segments()) {
      segments.row(
          Shown.count(segment.firstOp()),
          Shown.count(segment.lastOp()),
          BackupRows.second(segment.firstTime()),
          BackupRows.second(segment.lastTime()),
          ByteSizes.shown(segment.sizeBytes()),
          ByteSizes.shown(segment.pieces().stream().mapToLong(PieceRef::storedBytes).sum()),
          segment.pieces().size(),
          segment.sealed() ? "sealed" : "open");
    }
    console.out().println(segments);
  }

  private static void write(JsonGenerator json, Named named) throws IOException {
    BackupManifest manifest = named.manifest();
    json.writeStartObject();
    BackupRows.write(json, named);
    json.writeNumberField("restore_bytes", fetched(manifest));
    json.writeArrayFieldStart("checkpoints");
    for (CheckpointRef checkpoint : manifest.checkpoints()) {
      json.writeStartObject();
      json.writeNumberField("op", checkpoint.op());
      json.writeStringField("root", checkpoint.root());
      json.writeNumberField("transfers", checkpoint.transfers());
      json.writeNumberField("size_bytes", checkpoint.sizeBytes());
      json.writeNumberField("objects", checkpoint.objects().size());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("segments");
    for (Segment segment : manifest.segments()) {
      json.writeStartObject();
      json.writeNumberField("first_op", segment.firstOp());
      json.writeNumberField("last_op", segment.lastOp());
      json.writeStringField("first_time", Long.toString(segment.firstTime()));
      json.writeStringField("last_time", Long.toString(segment.lastTime()));
      json.writeNumberField("size_bytes", segment.sizeBytes());
      json.writeBooleanField("sealed", segment.sealed());
      json.writeNumberField("pieces", segment.pieces().size());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
