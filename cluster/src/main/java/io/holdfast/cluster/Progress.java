package io.holdfast.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The durable pointer: an entry of the log that this node is known to have had on disk. A log that
 * ends before it has lost something, and a log that is missing altogether was wiped; both are
 * refused at start, because such a node would forget what it acknowledged and how it voted.
 *
 * @param index of the entry; -1 when the node has started but applied nothing yet
 * @param journalOp the last op whose entry in the journal is known to be on disk; 0 for none
 * @param known whether all others had it on disk that this node takes part; see {@link Formation}
 * @param met the other nodes that take part, with the boot in which their directory was new: if one
 *     comes with a new directory again, it has lost its disk
 */
record Progress(
    UUID incarnation,
    long term,
    long index,
    long op,
    long journalOp,
    boolean known,
    Map<String, Long> met) {
  Progress {
    met = Map.copyOf(met);
  }

  static final String FILE = "progress.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads it; null when this node never started before. */
  static @Nullable Progress read(Path directory) {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      return new Progress(
          UUID.fromString(json.required("incarnation").asText()),
          json.required("term").longValue(),
          json.required("index").longValue(),
          json.required("op").longValue(),
          json.path("journal_op").longValue(),
          json.path("known").asBoolean(true),
          met(json.path("met")));
    } catch (IOException | IllegalArgumentException e) {
      throw new HoldfastException(
          "progress-damaged",
          file + " can't be read: " + e.getMessage(),
          "the disk may be failing; treat this node's data as lost",
          e);
    }
  }

  /** The same place in the log, with what is known of the others now. */
  Progress with(boolean nowKnown, Map<String, Long> nowMet) {
    return new Progress(incarnation, term, index, op, journalOp, nowKnown, nowMet);
  }

  void write(Path directory) throws IOException {
    ObjectNode json =
        JSON.createObjectNode()
            .put("incarnation", incarnation.toString())
            .put("term", term)
            .put("index", index)
            .put("op", op)
            .put("journal_op", journalOp)
            .put("known", known);
    met.forEach(json.putObject("met")::put);
    SystemDisk.INSTANCE.writeDurably(directory.resolve(FILE), JSON.writeValueAsBytes(json));
  }

  private static Map<String, Long> met(JsonNode json) {
    Map<String, Long> met = new TreeMap<>();
    json.properties().forEach(entry -> met.put(entry.getKey(), entry.getValue().longValue()));
    return met;
  }
}
