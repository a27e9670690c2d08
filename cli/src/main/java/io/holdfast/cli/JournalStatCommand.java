package io.holdfast.cli;

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

/** Says what a journal holds, without reading all of it. */
@Command(
    name = "stat",
    description = "Show the segments of a journal: ops, events, sizes, times.",
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
    JournalVerifier verifier = new JournalVerifier(SystemDisk.INSTANCE, found.key());
    List<JournalSegment> segments = new ArrayList<>();
    for (Path file : found.segments()) {
      segments.add(verifier.describe(file));
    }
    if (place.json()) {
      JsonBody body =
          out -> {
            out.writeStartObject();
            JournalRows.write(out, segments);
            out.writeEndObject();
          };
      body.printTo(console);
    } else {
      console.out().println(JournalRows.table(segments));
      console.out().println(JournalRows.sum(segments));
    }
    return ExitCodes.OK;
  }
}
