package io.holdfast.cli;

import io.holdfast.journal.CheckpointFile;
import io.holdfast.journal.IndexRun;
import io.holdfast.journal.JournalAudit;
import io.holdfast.journal.JournalSegment;
import io.holdfast.journal.JournalVerifier;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads a journal as a whole, and what was made of it, and proves that it is what was written. */
@Command(
    name = "verify",
    description = {
      "Read a journal as a whole: open every frame, compute the chain anew, compare it.",
      "Of a node's directory its index and checkpoints, too: every row must be the journal's.",
      "Reads only; the node may be running. Exit code 7 when something is damaged."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast journal verify holdfast-data/n1",
      "  holdfast journal verify 00000000000000000001.segment --data-key data.key",
    })
final class JournalVerifyCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final JournalPlace place = new JournalPlace();

  JournalVerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    JournalPlace.Found found = place.find(console);
    boolean ofNode = found.node() != null;
    JournalAudit.Result result = verify(found);
    JournalSegment last = result.segments().getLast();
    if (place.json()) {
      JsonBody body =
          out -> {
            out.writeStartObject();
            out.writeBooleanField("whole", result.isWhole());
            JournalRows.write(out, result.segments());
            if (ofNode) {
              IndexRows.write(out, result.runs(), result.checkpoints());
            }
            out.writeEndObject();
          };
      body.printTo(console);
    } else {
      JournalRows.print(console, result, ofNode);
      if (result.isWhole()) {
        console.out().println("whole; chain after op " + last.lastOp() + ": " + last.chain());
      }
      if (last.unfinishedBytes() > 0) {
        console
            .out()
            .println(
                Shown.count(last.unfinishedBytes())
                    + " bytes at the end are not finished: a node is writing them, or stopped while"
                    + " it did");
      }
    }
    if (!result.isWhole()) {
      throw damaged(result);
    }
    return ExitCodes.OK;
  }

  private JournalAudit.Result verify(JournalPlace.Found found) throws IOException {
    if (!console.terminal()) {
      return verify(found, segment -> {});
    }
    try (LiveLines progress = new LiveLines(console)) {
      int all = found.segments().size();
      AtomicInteger done = new AtomicInteger();
      return verify(
          found,
          segment ->
              progress.show(
                  List.of("verified " + done.incrementAndGet() + " of " + all + " segments")));
    }
  }

  private static JournalAudit.Result verify(JournalPlace.Found found, Consumer<JournalSegment> seen)
      throws IOException {
    Path node = found.node();
    return node != null
        ? found.verify(node, seen)
        : new JournalAudit.Result(
            new JournalVerifier(SystemDisk.INSTANCE, found.key()).verify(found.segments(), seen),
            List.of(),
            List.of());
  }

  /** The first that is damaged: a segment before what was made of it. */
  private static HoldfastException damaged(JournalAudit.Result result) {
    List<JournalSegment> segments =
        result.segments().stream().filter(segment -> segment.fault() != null).toList();
    if (!segments.isEmpty()) {
      JournalSegment first = segments.getFirst();
      JournalSegment.Fault fault = Objects.requireNonNull(first.fault());
      return new HoldfastException(
          "journal-damaged",
          (segments.size() == 1 ? "" : segments.size() + " segments are damaged; the first: ")
              + first.file()
              + " is damaged at byte "
              + fault.offset()
              + ": "
              + fault.what(),
          "keep the file and check the disk; the other nodes have the same entries");
    }
    List<String> runs =
        result.runs().stream().map(IndexRun::fault).filter(Objects::nonNull).toList();
    if (!runs.isEmpty()) {
      return new HoldfastException(
          "index-damaged",
          (runs.size() == 1 ? "" : runs.size() + " runs are not right; the first: ")
              + runs.getFirst(),
          "stop the node and run 'holdfast journal reindex', which makes the index anew from the"
              + " journal; check the disk");
    }
    List<String> checkpoints =
        result.checkpoints().stream().map(CheckpointFile::fault).filter(Objects::nonNull).toList();
    return new HoldfastException(
        "checkpoint-damaged",
        checkpoints.getFirst(),
        "a start passes it over for an older one, or for the journal alone; check the disk");
  }
}
