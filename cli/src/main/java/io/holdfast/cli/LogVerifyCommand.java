package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.journal.JournalSegment.Fault;
import io.holdfast.journal.SiteLogFile;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads a node's part of the site's log as a whole and proves that it is what was written. */
@Command(
    name = "verify",
    description = {
      "Read a node's log as a whole: open every act, compute the chain anew, compare it.",
      "Reads only; the node may be running. Exit code 7 when something is damaged or missing."
    },
    footerHeading = "%nExample:%n",
    footer = "  holdfast log verify holdfast-data/n1")
final class LogVerifyCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      paramLabel = "DIR",
      description = "A node's directory, or one with the files of its log.")
  private Path directory = Path.of("");

  @Option(
      names = "--data-key",
      paramLabel = "FILE",
      description = "The ledger's data.key (default: keys/data.key of the node's directory).")
  private @Nullable Path dataKey;

  @Option(names = "--json", description = "Print JSON, errors included.")
  private boolean json;

  LogVerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    LogPlace place =
        LogPlace.find(
            console.resolve(directory), dataKey == null ? null : console.resolve(dataKey));
    List<SiteLogFile> files = place.reader().verify();
    List<SiteLogFile> damaged = files.stream().filter(file -> file.fault() != null).toList();
    if (json) {
      JsonBody body = out -> write(out, files, damaged.isEmpty());
      body.printTo(console);
    } else {
      print(files, damaged.isEmpty());
    }
    if (!damaged.isEmpty()) {
      throw damaged(damaged);
    }
    return ExitCodes.OK;
  }

  private void print(List<SiteLogFile> files, boolean whole) {
    Table table = new Table("file", "node", "log>", "first>", "last>", "bytes>", "state");
    for (SiteLogFile file : files) {
      table.row(
          String.valueOf(file.file().getFileName()),
          file.node().isEmpty() ? "-" : file.node(),
          file.log(),
          Shown.count(file.first()),
          Shown.count(file.last()),
          Shown.count(file.sizeBytes()),
          file.fault() == null ? "whole" : "DAMAGED");
    }
    console.out().println(table);
    SiteLogFile last = files.getLast();
    if (whole) {
      console.out().println("whole; chain after act " + last.last() + ": " + last.chain());
    }
    if (last.unfinishedBytes() > 0) {
      console
          .out()
          .println(
              Shown.count(last.unfinishedBytes())
                  + " bytes at the end are not finished: the node is writing them, or stopped while"
                  + " it did");
    }
  }

  private static void write(JsonGenerator out, List<SiteLogFile> files, boolean whole)
      throws IOException {
    out.writeStartObject();
    out.writeBooleanField("whole", whole);
    out.writeArrayFieldStart("files");
    for (SiteLogFile file : files) {
      out.writeStartObject();
      out.writeStringField("file", file.file().toString());
      out.writeStringField("node", file.node());
      out.writeNumberField("log", file.log());
      out.writeStringField("log_id", file.logId());
      out.writeNumberField("first", file.first());
      out.writeNumberField("last", file.last());
      out.writeStringField("chain", file.chain());
      out.writeNumberField("size_bytes", file.sizeBytes());
      out.writeNumberField("unfinished_bytes", file.unfinishedBytes());
      Fault fault = file.fault();
      if (fault != null) {
        out.writeObjectFieldStart("fault");
        out.writeNumberField("offset", fault.offset());
        out.writeStringField("what", fault.what());
        out.writeEndObject();
      }
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static HoldfastException damaged(List<SiteLogFile> damaged) {
    SiteLogFile first = damaged.getFirst();
    Fault fault = Objects.requireNonNull(first.fault());
    return new HoldfastException(
        "site-log-damaged",
        (damaged.size() == 1 ? "" : damaged.size() + " files are damaged; the first: ")
            + first.file()
            + " is damaged at byte "
            + fault.offset()
            + ": "
            + fault.what(),
        "keep the file: it is evidence; the node goes on with a new log beside it");
  }
}
