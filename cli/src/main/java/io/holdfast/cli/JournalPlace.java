package io.holdfast.cli;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.JournalAudit;
import io.holdfast.journal.JournalSegment;
import io.holdfast.journal.JournalVerifier;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which segments a command reads, the key that opens them, and how it answers. */
final class JournalPlace {
  @Parameters(
      paramLabel = "PLACE",
      description = "A node's directory, a directory of segments, or one segment file.")
  private Path place = Path.of("");

  @Option(
      names = "--data-key",
      paramLabel = "FILE",
      description = "The ledger's data.key (default: keys/data.key of the node's directory).")
  private @Nullable Path dataKey;

  @Option(names = "--json", description = "Print JSON, errors included.")
  private boolean json;

  boolean json() {
    return json;
  }

  /**
   * What was found there.
   *
   * @param node the node's directory; null when it is no such
   */
  record Found(Path place, @Nullable Path node, List<Path> segments, DataKey key) {

    /** With the node's directory: reads its index and checkpoints, too. */
    JournalAudit.Result verify(Path directory, Consumer<JournalSegment> seen) throws IOException {
      return JournalAudit.verify(
          SystemDisk.INSTANCE,
          segments,
          directory.resolve("index"),
          directory.resolve("checkpoints"),
          key,
          seen);
    }
  }

  /**
   * Finds segments and key.
   *
   * @throws HoldfastException code {@code no-journal}, and those of {@link DataKey#read}
   */
  Found find(Console console) throws IOException {
    Path at = console.resolve(place);
    boolean isNode = Files.exists(at.resolve("genesis.json"));
    Path journal = isNode ? at.resolve("journal") : at;
    if (!Files.exists(at)) {
      throw nothing(at + " does not exist");
    }
    List<Path> segments =
        Files.isDirectory(journal) || journal.toString().endsWith(".segment")
            ? JournalVerifier.segments(SystemDisk.INSTANCE, journal)
            : List.of();
    if (segments.isEmpty()) {
      throw nothing(journal + " holds no segment");
    }
    return new Found(journal, isNode ? at : null, segments, DataKey.read(key(console, journal)));
  }

  private Path key(Console console, Path journal) {
    if (dataKey != null) {
      return console.resolve(dataKey);
    }
    Path directory = Files.isDirectory(journal) ? journal : parent(journal);
    Path key = parent(directory).resolve("keys").resolve(DataKey.FILE);
    if (!Files.exists(key)) {
      throw new HoldfastException(
          "usage",
          "--data-key is missing, and there is no " + key,
          "name the data.key of the ledger that wrote the segments: --data-key FILE");
    }
    return key;
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  private static HoldfastException nothing(String what) {
    return new HoldfastException(
        "no-journal",
        what,
        "name a node's directory such as holdfast-data/n1, or a file that ends in .segment");
  }
}
