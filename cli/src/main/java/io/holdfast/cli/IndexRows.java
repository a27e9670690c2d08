package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.journal.CheckpointFile;
import io.holdfast.journal.IndexRun;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Runs of an index and checkpoints as tables, as JSON, and as one line that sums them up. */
final class IndexRows {
  private static final int ROOT_DIGITS = 16;

  private IndexRows() {}

  static Table runs(List<IndexRun> runs) {
    Table table =
        new Table("run", "level>", "first op>", "last op>", "ids>", "postings>", "MiB>", "state");
    for (IndexRun run : runs) {
      table.row(
          run.file().getFileName(),
          run.level(),
          Shown.count(run.firstOp()),
          Shown.count(run.lastOp()),
          Shown.count(run.ids()),
          Shown.count(run.postings()),
          mebibytes(run.sizeBytes()),
          state(run.fault()));
    }
    return table;
  }

  static String sum(List<IndexRun> runs) {
    long bytes = runs.stream().mapToLong(IndexRun::sizeBytes).sum();
    long movements = runs.stream().mapToLong(IndexRun::movements).sum();
    return runs.isEmpty()
        ? "no index yet"
        : "index up to op "
            + Shown.count(runs.getLast().lastOp())
            + ": "
            + Shown.count(runs.size())
            + (runs.size() == 1 ? " run, " : " runs, ")
            + mebibytes(bytes)
            + " MiB"
            + (movements == 0
                ? ""
                : String.format(
                    Locale.ROOT, ", %.0f bytes per transfer", (double) bytes / movements));
  }

  static Table checkpoints(List<CheckpointFile> checkpoints) {
    Table table = new Table("checkpoint", "op>", "accounts>", "MiB>", "root", "state");
    for (CheckpointFile checkpoint : checkpoints) {
      String root = checkpoint.root();
      table.row(
          checkpoint.file().getFileName(),
          Shown.count(checkpoint.op()),
          Shown.count(checkpoint.accounts()),
          mebibytes(checkpoint.sizeBytes()),
          root.substring(0, Math.min(ROOT_DIGITS, root.length())),
          state(checkpoint.fault()));
    }
    return table;
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / 1048576.0);
  }

  private static String state(@Nullable String fault) {
    return fault == null ? "whole" : "DAMAGED";
  }

  static void write(JsonGenerator json, List<IndexRun> runs, List<CheckpointFile> checkpoints)
      throws IOException {
    json.writeArrayFieldStart("runs");
    for (IndexRun run : runs) {
      json.writeStartObject();
      json.writeStringField("file", run.file().toString());
      json.writeNumberField("level", run.level());
      json.writeNumberField("first_op", run.firstOp());
      json.writeNumberField("last_op", run.lastOp());
      json.writeNumberField("movements", run.movements());
      json.writeNumberField("ids", run.ids());
      json.writeNumberField("postings", run.postings());
      json.writeNumberField("size_bytes", run.sizeBytes());
      fault(json, run.fault());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("checkpoints");
    for (CheckpointFile checkpoint : checkpoints) {
      json.writeStartObject();
      json.writeStringField("file", checkpoint.file().toString());
      json.writeNumberField("op", checkpoint.op());
      json.writeNumberField("accounts", checkpoint.accounts());
      json.writeNumberField("size_bytes", checkpoint.sizeBytes());
      json.writeStringField("root", checkpoint.root());
      fault(json, checkpoint.fault());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void fault(JsonGenerator json, @Nullable String fault) throws IOException {
    if (fault != null) {
      json.writeStringField("fault", fault);
    }
  }
}
