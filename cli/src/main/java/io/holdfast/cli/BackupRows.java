package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.journal.Branch;
import io.holdfast.journal.Lineage;
import io.holdfast.vault.BackupManifest;
import io.holdfast.vault.Manifests.Named;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Backups as a table and as JSON. */
final class BackupRows {
  private static final int BRANCH_DIGITS = 8;

  private BackupRows() {}

  static Table table(List<Named> backups, long nowNanos) {
    Table table =
        new Table(
            "id",
            "taken",
            "age>",
            "kind",
            "node",
            "epoch/branch",
            "last op>",
            "of",
            "size>",
            "sent>");
    for (Named named : backups) {
      BackupManifest manifest = named.manifest();
      table.row(
          named.id(),
          second(manifest.takenAt()),
          ByteSizes.age(nowNanos - manifest.takenAt()),
          kind(manifest),
          manifest.site() + "/" + manifest.node(),
          branch(manifest),
          Shown.count(manifest.lastOp()),
          second(manifest.lastTime()),
          ByteSizes.shown(manifest.sourceBytes()),
          ByteSizes.shown(manifest.sentBytes()));
    }
    return table;
  }

  static String kind(BackupManifest manifest) {
    return manifest.kind().name().toLowerCase(Locale.ROOT);
  }

  static String second(long nanos) {
    return nanos == 0 ? "-" : Shown.time(nanos - nanos % 1_000_000_000L);
  }

  /** Epoch and the first digits of the branch's id. */
  static String branch(BackupManifest manifest) {
    Branch branch = last(manifest);
    return branch == null
        ? "?"
        : branch.epoch() + "/" + branch.id().toHex().substring(0, BRANCH_DIGITS);
  }

  /** Null when it is laid out in a way that this version does not know. */
  static @Nullable Branch last(BackupManifest manifest) {
    Lineage lineage = Lineage.parse(HexFormat.of().parseHex(manifest.lineage()));
    return lineage == null ? null : lineage.current();
  }

  /** The fields of one, into an object that was begun. */
  static void write(JsonGenerator json, Named named) throws IOException {
    BackupManifest manifest = named.manifest();
    Branch branch = last(manifest);
    json.writeStringField("id", named.id());
    json.writeStringField("manifest", named.name());
    json.writeStringField("taken_at", Long.toString(manifest.takenAt()));
    json.writeStringField("kind", kind(manifest));
    json.writeStringField("site", manifest.site());
    json.writeStringField("node", manifest.node());
    json.writeStringField("ledger_id", manifest.ledgerId());
    if (branch != null) {
      json.writeNumberField("epoch", branch.epoch());
      json.writeStringField("branch", branch.id().toHex());
    }
    json.writeNumberField("last_op", manifest.lastOp());
    json.writeStringField("last_time", Long.toString(manifest.lastTime()));
    json.writeStringField("chain", manifest.chain());
    json.writeNumberField("source_bytes", manifest.sourceBytes());
    json.writeNumberField("sent_bytes", manifest.sentBytes());
    json.writeNumberField("duration_millis", manifest.durationMillis());
  }
}
