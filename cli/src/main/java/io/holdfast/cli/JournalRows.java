package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.journal.JournalAudit;
import io.holdfast.journal.JournalSegment;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** Segments as a table, as JSON, and as one line that sums them up. */
final class JournalRows {
  private JournalRows() {}

  static Table table(List<JournalSegment> segments) {
    Table table =
        new Table(
            "segment",
            "first op>",
            "last op>",
            "events>",
            "created>",
            "MiB>",
            "from",
            "to",
            "state");
    for (JournalSegment segment : segments) {
      boolean empty = segment.lastOp() < segment.firstOp();
      table.row(
          segment.file().getFileName(),
          Shown.count(segment.firstOp()),
          empty ? "-" : Shown.count(segment.lastOp()),
          Shown.count(segment.events()),
          Shown.count(segment.created()),
          String.format(Locale.ROOT, "%.1f", segment.sizeBytes() / 1048576.0),
          empty ? "-" : second(segment.firstTimeNanos()),
          empty ? "-" : second(segment.lastTimeNanos()),
          state(segment));
    }
    return table;
  }

  private static String second(long nanos) {
    return Instant.ofEpochSecond(nanos / 1_000_000_000L).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static String state(JournalSegment segment) {
    if (segment.fault() != null) {
      return "DAMAGED";
    }
    return segment.sealed() ? "sealed" : "open";
  }

  /**
   * Prints all that was found.
   *
   * @param ofNode whether index and checkpoints were looked for
   */
  static void print(Console console, JournalAudit.Result result, boolean ofNode) {
    console.out().println(table(result.segments()));
    console.out().println(sum(result.segments()));
    if (!ofNode) {
      return;
    }
    console.out().println();
    if (!result.runs().isEmpty()) {
      console.out().println(IndexRows.runs(result.runs()));
    }
    console.out().println(IndexRows.sum(result.runs()));
    if (!result.checkpoints().isEmpty()) {
      console.out().println();
      console.out().println(IndexRows.checkpoints(result.checkpoints()));
    } else {
      console.out().println("no checkpoint yet");
    }
  }

  /** All of them in one line. */
  static String sum(List<JournalSegment> segments) {
    long events = segments.stream().mapToLong(JournalSegment::events).sum();
    long created = segments.stream().mapToLong(JournalSegment::created).sum();
    long bytes = segments.stream().mapToLong(JournalSegment::sizeBytes).sum();
    long entries = segments.stream().mapToLong(JournalSegment::entries).sum();
    return Shown.count(segments.size())
        + (segments.size() == 1 ? " segment, " : " segments, ")
        + Shown.count(entries)
        + (entries == 1 ? " op, " : " ops, ")
        + Shown.count(events)
        + " events, "
        + Shown.count(created)
        + " created, "
        + String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0)
        + (events == 0
            ? ""
            : String.format(Locale.ROOT, ", %.0f bytes per event", (double) bytes / events));
  }

  static void write(JsonGenerator json, List<JournalSegment> segments) throws IOException {
    json.writeArrayFieldStart("segments");
    for (JournalSegment segment : segments) {
      json.writeStartObject();
      json.writeStringField("file", segment.file().toString());
      json.writeStringField("state", state(segment).toLowerCase(Locale.ROOT));
      json.writeNumberField("epoch", segment.epoch());
      json.writeNumberField("first_op", segment.firstOp());
      json.writeNumberField("last_op", segment.lastOp());
      json.writeNumberField("events", segment.events());
      json.writeNumberField("created", segment.created());
      json.writeNumberField("first_time", segment.firstTimeNanos());
      json.writeNumberField("last_time", segment.lastTimeNanos());
      json.writeNumberField("size_bytes", segment.sizeBytes());
      json.writeNumberField("unfinished_bytes", segment.unfinishedBytes());
      json.writeStringField("chain", segment.chain());
      JournalSegment.Fault fault = segment.fault();
      if (fault != null) {
        json.writeObjectFieldStart("fault");
        json.writeNumberField("offset", fault.offset());
        json.writeStringField("what", fault.what());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
