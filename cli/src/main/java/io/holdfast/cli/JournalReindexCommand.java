package io.holdfast.cli;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.JournalIndex;
import io.holdfast.journal.Reindex;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.node.DirectoryLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the index of a stopped node anew from its journal. */
@Command(
    name = "reindex",
    description = {
      "Make the index of a stopped node anew from its journal.",
      "The old index is given up only when the new one is whole; both need room for a while."
    },
    footerHeading = "%nExample:%n",
    footer = "  holdfast journal reindex holdfast-data/n1")
final class JournalReindexCommand implements Callable<Integer> {
  private static final long TOLD_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long SHOWN_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Console console;

  @Parameters(paramLabel = "DIR", description = "The node's directory.")
  private Path place = Path.of("");

  @Option(
      names = "--data-key",
      paramLabel = "FILE",
      description = "The ledger's data.key (default: keys/data.key of the node's directory).")
  private @Nullable Path dataKey;

  @Option(
      names = "--generation-events",
      paramLabel = "N",
      description =
          "The node's setting ledger.generation-events, if it is not the default: the files are then"
              + " those of the other nodes.")
  private String generationEvents = Integer.toString(JournalIndex.GENERATION_WEIGHT);

  @Option(names = "--json", description = "Print JSON, errors included.")
  private boolean json;

  private long told = System.nanoTime();

  JournalReindexCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path node = console.resolve(place);
    if (!Files.exists(node.resolve("genesis.json"))) {
      throw new HoldfastException(
          "no-journal",
          node + " is no node's directory: it has no genesis.json",
          "name a node's directory such as holdfast-data/n1");
    }
    DataKey key =
        DataKey.read(
            dataKey == null
                ? node.resolve("keys").resolve(DataKey.FILE)
                : console.resolve(dataKey));
    long began = System.nanoTime();
    Reindex.Made made = reindex(node, key);
    double seconds = (System.nanoTime() - began) / 1e9;
    if (json) {
      JsonBody body =
          out -> {
            out.writeStartObject();
            out.writeNumberField("runs", made.runs());
            out.writeNumberField("last_op", made.lastOp());
            out.writeNumberField("journal_last_op", made.journalLastOp());
            out.writeNumberField("size_bytes", made.sizeBytes());
            out.writeNumberField("seconds", Math.round(seconds * 1000) / 1000.0);
            out.writeEndObject();
          };
      body.printTo(console);
    } else {
      console
          .out()
          .println(
              String.format(
                  Locale.ROOT,
                  "the index was made anew in %.1f s: %s, %.1f MiB, up to op %s of %s%s",
                  seconds,
                  made.runs() == 1 ? "1 run" : Shown.count(made.runs()) + " runs",
                  made.sizeBytes() / 1048576.0,
                  Shown.count(made.lastOp()),
                  Shown.count(made.journalLastOp()),
                  made.lastOp() == made.journalLastOp()
                      ? ""
                      : "; the ops after it are indexed when there are enough of them"));
    }
    return ExitCodes.OK;
  }

  private Reindex.Made reindex(Path node, DataKey key) {
    DirectoryLock lock = DirectoryLock.take(node);
    try (LiveLines lines = new LiveLines(console)) {
      return Reindex.run(
          SystemDisk.INSTANCE,
          node.resolve("journal"),
          node.resolve("index"),
          key,
          Arguments.number("--generation-events", generationEvents, 32).longValue(),
          (op, lastOp) -> tell(lines, op, lastOp));
    } finally {
      lock.close();
    }
  }

  private void tell(LiveLines lines, long op, long lastOp) {
    if (json
        || System.nanoTime() - told < (console.terminal() ? SHOWN_EVERY_NANOS : TOLD_EVERY_NANOS)) {
      return;
    }
    told = System.nanoTime();
    String line =
        "op " + Shown.count(op) + " of " + Shown.count(lastOp) + ", " + 100 * op / lastOp + " %";
    if (console.terminal()) {
      lines.show(List.of(line));
    } else {
      console.err().println(line);
    }
  }
}
