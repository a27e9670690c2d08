package io.holdfast.cli;

import io.holdfast.journal.JournalAudit;
import io.holdfast.journal.JournalSegment;
import io.holdfast.journal.JournalVerifier;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what a journal, its index and its checkpoints hold, without reading all of them. */
@Command(
    name = "stat",
    description =
        "Show the segments of a journal, its index and its checkpoints: ops, events, sizes, times.",
    footerHeading = "%nExample:%n",
    footer = "  holdfast journal stat holdfast-data/n1")
final class JournalStatCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final JournalPlace place = new JournalPlace();

  JournalStatCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    JournalPlace.Found found = place.find(console);
    Path node = found.node();
    JournalAudit.Result result =
        node == null
            ? new JournalAudit.Result(describe(found), List.of(), List.of())
            : JournalAudit.describe(
                SystemDisk.INSTANCE,
                found.segments(),
                node.resolve("index"),
                node.resolve("checkpoints"),
                found.key());
    if (place.json()) {
      JsonBody body =
          out -> {
            out.writeStartObject();
            JournalRows.write(out, result.segments());
            if (node != null) {
              IndexRows.write(out, result.runs(), result.checkpoints());
            }
            out.writeEndObject();
          };
      body.printTo(console);
    } else {
      JournalRows.print(console, result, node != null);
    }
    return ExitCodes.OK;
  }

  private static List<JournalSegment> describe(JournalPlace.Found found) throws IOException {
    JournalVerifier verifier = new JournalVerifier(SystemDisk.INSTANCE, found.key());
    List<JournalSegment> segments = new ArrayList<>();
    for (Path file : found.segments()) {
      segments.add(verifier.describe(file));
    }
    return segments;
  }
}
