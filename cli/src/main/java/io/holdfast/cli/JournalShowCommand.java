package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.journal.Entry;
import io.holdfast.journal.JournalReader;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.AccountRecord;
import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.DetailsPeriod;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferRecord;
import io.holdfast.ledger.TransferStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows entries of a journal: what came, and what the ledger answered. */
@Command(
    name = "show",
    description = "Show entries of a journal: what came, and what the ledger answered.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast journal show holdfast-data/n1 --op 2 --events",
      "  holdfast journal show holdfast-data/n1 --op 100 --count 20 --json",
    })
final class JournalShowCommand implements Callable<Integer> {
  private static final int COUNT_MAX = 100_000;

  private final Console console;

  @Mixin private final JournalPlace place = new JournalPlace();

  @Option(
      names = "--op",
      paramLabel = "N",
      description = "The first op to show (default: the first there is).")
  private @Nullable String op;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many ops (default ${DEFAULT-VALUE}).")
  private String count = "1";

  @Option(names = "--events", description = "Show each event with its answer, too.")
  private boolean events;

  JournalShowCommand(Console console) {
    this.console = console;
  }

  /** An event as it is shown. */
  private record Line(
      int event, String what, UInt128 id, String status, String timestamp, String movement) {}

  @Override
  public Integer call() throws IOException {
    long wanted = op == null ? 0 : number("--op", op, Long.MAX_VALUE, "a whole number from 1 on");
    long limit = number("--count", count, COUNT_MAX, "1 to " + COUNT_MAX);
    JournalPlace.Found found = place.find(console);
    long first = op == null ? JournalReader.firstOp(found.segments()) : wanted;
    List<Entry> entries = new ArrayList<>();
    try (JournalReader reader =
        JournalReader.of(SystemDisk.INSTANCE, found.segments(), found.key(), first)) {
      for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
        entries.add(entry);
        if (entries.size() == limit) {
          break;
        }
      }
    }
    if (entries.isEmpty()) {
      throw new HoldfastException(
          "not-found",
          "there is no op " + first + " in " + found.place(),
          "see which ops there are with: " + console.command() + " journal stat " + found.place());
    }
    if (place.json()) {
      JsonBody body =
          out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("entries");
            for (Entry entry : entries) {
              write(out, entry);
            }
            out.writeEndArray();
            out.writeEndObject();
          };
      body.printTo(console);
    } else {
      print(entries);
    }
    return ExitCodes.OK;
  }

  private static long number(String option, String text, long max, String allowed) {
    try {
      long number = Long.parseLong(text);
      if (number >= 1 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw Arguments.wrong(option, text, allowed);
    }
    throw Arguments.wrong(option, text, allowed);
  }

  private void print(List<Entry> entries) {
    Table table =
        new Table(
            "op>", "kind", "time", "requests>", "events>", "created>", "bytes>", "term>", "index>");
    for (Entry entry : entries) {
      table.row(
          Shown.count(entry.op()),
          entry.kind().label(),
          Shown.time(entry.timeNanos()),
          Shown.count(entry.requests()),
          Shown.count(entry.events()),
          Shown.count(entry.created()),
          Shown.count(entry.sizeBytes()),
          Shown.count(entry.term()),
          Shown.count(entry.index()));
    }
    console.out().println(table);
    for (Entry entry : entries) {
      if (events) {
        Table lines = new Table("event>", "what", "id", "status", "created at", "movement");
        for (Line line : lines(entry)) {
          lines.row(
              line.event(),
              line.what(),
              line.id().toId(),
              line.status(),
              line.timestamp(),
              line.movement());
        }
        console.out().println();
        console.out().println("op " + Shown.count(entry.op()));
        console.out().println(lines);
      }
    }
  }

  private static List<Line> lines(Entry entry) {
    List<Line> lines = new ArrayList<>();
    entry.forEachEvent(
        (request, kind, event, at) -> {
          boolean created = entry.status(event) == -1;
          String time = created ? Shown.time(entry.timestamp(event)) : "-";
          if (kind == RequestKind.CREATE_ACCOUNTS) {
            UInt128 id = AccountRecord.read(entry.memory(), at).id();
            String status = AccountStatus.ofCode(entry.status(event)).label();
            lines.add(new Line(event, "account", id, status, time, "-"));
          } else {
            Transfer transfer = TransferRecord.read(entry.memory(), at);
            lines.add(
                new Line(
                    event,
                    "transfer",
                    transfer.id(),
                    status(entry, event),
                    time,
                    movement(transfer)));
          }
        });
    DetailsPeriod destroyed = entry.destroyedPeriod();
    if (destroyed != null) {
      String time = Shown.time(entry.timeNanos());
      lines.add(new Line(0, "details of " + destroyed.label(), UInt128.ZERO, "erased", time, "-"));
    }
    for (int i = 0; i < entry.outcomes(); i++) {
      Transfer stored = entry.outcome(i);
      boolean release = entry.events() == 0;
      lines.add(
          new Line(
              entry.outcomeEvent(i),
              release ? "expiry" : "stored as",
              stored.id(),
              "-",
              Shown.time(stored.timestamp()),
              movement(stored)));
    }
    return lines;
  }

  private static String status(Entry entry, int event) {
    String label = TransferStatus.ofCode(entry.status(event)).label();
    int original = entry.originalStatus(event);
    return original == 0 ? label : label + " (" + TransferStatus.ofCode(original).label() + ")";
  }

  private static String movement(Transfer transfer) {
    return transfer.debitAccountId().toId()
        + " -> "
        + transfer.creditAccountId().toId()
        + ": "
        + Shown.amount(transfer.amount(), 0);
  }

  private void write(JsonGenerator out, Entry entry) throws IOException {
    out.writeStartObject();
    out.writeNumberField("op", entry.op());
    out.writeNumberField("epoch", entry.epoch());
    out.writeStringField("kind", entry.kind().label());
    out.writeNumberField("time", entry.timeNanos());
    out.writeNumberField("rules_version", entry.rulesVersion());
    out.writeNumberField("requests", entry.requests());
    out.writeNumberField("created", entry.created());
    out.writeNumberField("size_bytes", entry.sizeBytes());
    out.writeNumberField("term", entry.term());
    out.writeNumberField("index", entry.index());
    out.writeNumberField("event_count", entry.events());
    DetailsPeriod destroyed = entry.destroyedPeriod();
    if (destroyed != null) {
      out.writeStringField("period", destroyed.label());
    }
    if (events) {
      out.writeArrayFieldStart("events");
      for (Line line : lines(entry)) {
        out.writeStartObject();
        out.writeNumberField("event", line.event());
        out.writeStringField("what", line.what());
        out.writeStringField("id", line.id().toId());
        out.writeStringField("status", line.status());
        out.writeStringField("movement", line.movement());
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    out.writeEndObject();
  }
}
