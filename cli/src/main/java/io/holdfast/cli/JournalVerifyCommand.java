package io.holdfast.cli;

import io.holdfast.journal.JournalSegment;
import io.holdfast.journal.JournalVerifier;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads a journal as a whole and proves that it is what was written. */
@Command(
    name = "verify",
    description = {
      "Read a journal as a whole: open every frame, compute the chain anew, compare it.",
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
    List<JournalSegment> segments = verify(found);
    List<JournalSegment> damaged = segments.stream().filter(s -> s.fault() != null).toList();
    JournalSegment last = segments.getLast();
    if (place.json()) {
      JsonBody body =
          out -> {
            out.writeStartObject();
            out.writeBooleanField("whole", damaged.isEmpty());
            JournalRows.write(out, segments);
            out.writeEndObject();
          };
      body.printTo(console);
    } else {
      console.out().println(JournalRows.table(segments));
      console.out().println(JournalRows.sum(segments));
      if (damaged.isEmpty()) {
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
    if (!damaged.isEmpty()) {
      throw damaged(damaged);
    }
    return ExitCodes.OK;
  }

  private List<JournalSegment> verify(JournalPlace.Found found) throws IOException {
    JournalVerifier verifier = new JournalVerifier(SystemDisk.INSTANCE, found.key());
    if (!console.terminal()) {
      return verifier.verify(found.segments(), segment -> {});
    }
    try (LiveLines progress = new LiveLines(console)) {
      int all = found.segments().size();
      AtomicInteger done = new AtomicInteger();
      return verifier.verify(
          found.segments(),
          segment ->
              progress.show(
                  List.of("verified " + done.incrementAndGet() + " of " + all + " segments")));
    }
  }

  private static HoldfastException damaged(List<JournalSegment> damaged) {
    JournalSegment first = damaged.getFirst();
    JournalSegment.Fault fault = Objects.requireNonNull(first.fault());
    return new HoldfastException(
        "journal-damaged",
        (damaged.size() == 1 ? "" : damaged.size() + " segments are damaged; the first: ")
            + first.file()
            + " is damaged at byte "
            + fault.offset()
            + ": "
            + fault.what(),
        "keep the file and check the disk; the other nodes have the same entries");
  }
}
