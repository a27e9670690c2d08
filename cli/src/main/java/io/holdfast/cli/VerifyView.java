package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.vault.BackupManifest;
import io.holdfast.vault.Finding;
import io.holdfast.vault.Verify;
import io.holdfast.vault.VerifyResult;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What verifying found, as tables and as JSON. */
final class VerifyView {
  private VerifyView() {}

  static Table table(VerifyResult result) {
    Table table =
        new Table("backup", "taken", "node", "last op>", "last time", "checkpoint>", "state");
    for (VerifyResult.Backup backup : result.backups()) {
      BackupManifest manifest = backup.named().manifest();
      table.row(
          backup.named().id(),
          second(manifest.takenAt()),
          manifest.site() + "/" + manifest.node(),
          Shown.count(manifest.lastOp()),
          second(manifest.lastTime()),
          manifest.checkpoints().isEmpty()
              ? "-"
              : Shown.count(manifest.checkpoints().getLast().op()),
          state(result, backup));
    }
    return table;
  }

  private static String state(VerifyResult result, VerifyResult.Backup backup) {
    if (backup.findings() > 0) {
      return "NOT PROVED";
    }
    return result.mode().equals("sample") ? "sampled" : "proved";
  }

  /** To the second, which is enough for people. */
  static String second(long nanos) {
    return Instant.ofEpochSecond(0, nanos).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static List<String> streams(VerifyResult result) {
    return result.streams().stream()
        .map(
            stream ->
                "branch "
                    + stream.branch()
                    + " can be restored up to op "
                    + Shown.count(stream.lastOp())
                    + " of "
                    + Shown.time(stream.lastTime())
                    + (stream.tails() == 0
                        ? ""
                        : ", with " + Shown.count(stream.tails()) + " tails after its backup"))
        .toList();
  }

  static JsonBody body(VerifyResult result, Verify.Mode mode) {
    return json -> {
      json.writeStartObject();
      json.writeBooleanField("proved", result.proved());
      json.writeStringField("mode", result.mode());
      if (mode instanceof Verify.Mode.Sample sample) {
        json.writeNumberField("percent", sample.percent());
        json.writeNumberField("seed", sample.seed());
      }
      switch (result.kept()) {
        case VerifyResult.Kept.In in -> json.writeStringField("record", in.record());
        case VerifyResult.Kept.Nowhere nowhere -> {
          json.writeNullField("record");
          json.writeStringField("not_kept", nowhere.why());
        }
      }
      json.writeNumberField("objects", result.objects());
      json.writeNumberField("bytes", result.bytes());
      json.writeNumberField("skipped", result.skipped());
      json.writeNumberField("duration_millis", result.durationMillis());
      backups(json, result);
      json.writeArrayFieldStart("streams");
      for (VerifyResult.Stream stream : result.streams()) {
        json.writeStartObject();
        json.writeStringField("branch", stream.branch());
        json.writeStringField("after", stream.after());
        json.writeNumberField("tails", stream.tails());
        json.writeNumberField("last_op", stream.lastOp());
        json.writeStringField("last_time", Long.toString(stream.lastTime()));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("findings");
      for (Finding finding : result.findings()) {
        json.writeStartObject();
        json.writeStringField("object", finding.object());
        json.writeStringField("what", finding.what());
        json.writeStringField("holds", finding.holds());
        json.writeArrayFieldStart("backups");
        for (String backup : finding.backups()) {
          json.writeString(backup);
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    };
  }

  private static void backups(JsonGenerator json, VerifyResult result) throws IOException {
    json.writeArrayFieldStart("backups");
    for (VerifyResult.Backup backup : result.backups()) {
      BackupManifest manifest = backup.named().manifest();
      json.writeStartObject();
      json.writeStringField("id", backup.named().id());
      json.writeStringField("name", backup.named().name());
      json.writeStringField("taken_at", Long.toString(manifest.takenAt()));
      json.writeNumberField("last_op", manifest.lastOp());
      json.writeStringField("last_time", Long.toString(manifest.lastTime()));
      json.writeNumberField("findings", backup.findings());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
