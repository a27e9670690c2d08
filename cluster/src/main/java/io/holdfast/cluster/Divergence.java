package io.holdfast.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.journal.FileKind;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A note in a node's directory that its copy of the ledger is not that of the others: the next
 * start moves journal, index and checkpoints aside, where they stay as evidence, and fetches those
 * of the others. Its log and its vote are not what diverged and stay in their places.
 *
 * @param op at which it was found
 * @param peers the nodes whose files are good; empty for all others
 * @param appliedOp the last op that this node had: its new journal must reach it
 * @param evidence the directory, below {@code diverged/}, that the files are moved to
 * @param moved whether all of them are there
 */
record Divergence(long op, List<String> peers, long appliedOp, String evidence, boolean moved) {
  /** Code of the fault with which a node stops its share, to be rebuilt at the next start. */
  static final String CODE = "replica-diverged";

  /**
   * What diverges again and again has a cause that a rebuild does not cure; and each time costs the
   * disk as much as the journal has.
   */
  static final int REBUILDS_MAX = 3;

  private static final String FILE = "diverged.json";
  private static final String EVIDENCE = "diverged";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  Divergence {
    peers = List.copyOf(peers);
  }

  static Divergence found(long op, List<String> peers, long appliedOp, Instant now) {
    return new Divergence(op, peers, appliedOp, op + "-" + TIME.format(now), false);
  }

  static boolean isNoted(Path directory) {
    return Files.exists(directory.resolve(FILE));
  }

  /**
   * Reads it.
   *
   * @throws HoldfastException code {@code replica-diverged} when it can't be read
   */
  static Divergence read(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      List<String> peers = new ArrayList<>();
      json.required("peers").forEach(peer -> peers.add(peer.asText()));
      return new Divergence(
          json.required("op").longValue(),
          peers,
          json.required("applied_op").longValue(),
          json.required("evidence").asText(),
          json.required("moved").booleanValue());
    } catch (IOException | IllegalArgumentException e) {
      throw new HoldfastException(
          CODE,
          file + " can't be read: " + e.getMessage(),
          "this node's copy of the ledger is wrong; replace the node: holdfast node replace",
          e);
    }
  }

  void write(Path directory) {
    ObjectNode json = JSON.createObjectNode().put("op", op);
    ArrayNode names = json.putArray("peers");
    peers.forEach(names::add);
    json.put("applied_op", appliedOp).put("evidence", evidence).put("moved", moved);
    try {
      SystemDisk.INSTANCE.writeDurably(directory.resolve(FILE), JSON.writeValueAsBytes(json));
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  /** Removes the note; the evidence stays. */
  static void settle(Path directory) throws IOException {
    Files.deleteIfExists(directory.resolve(FILE));
  }

  /**
   * Moves what diverged aside; goes on where a crash ended it.
   *
   * @throws HoldfastException code {@code replica-diverged} when that was done too often already
   */
  void moveAside(Path directory) {
    if (moved) {
      return;
    }
    Path all = directory.resolve(EVIDENCE);
    Path own = all.resolve(evidence);
    try {
      if (!Files.exists(own) && kept(all) >= REBUILDS_MAX) {
        throw tooOften(all);
      }
      Disk disk = SystemDisk.INSTANCE;
      disk.createDirectories(own);
      for (FileKind kind : FileKind.values()) {
        Path from = JournalPlaces.in(directory).directory(kind);
        if (disk.exists(from)) {
          disk.move(from, JournalPlaces.in(own).directory(kind));
        }
      }
      for (Path changed : List.of(own, all, directory)) {
        disk.syncDirectory(changed);
      }
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
    new Divergence(op, peers, appliedOp, evidence, true).write(directory);
  }

  private static long kept(Path all) throws IOException {
    if (!Files.exists(all)) {
      return 0;
    }
    try (Stream<Path> directories = Files.list(all)) {
      return directories.filter(Files::isDirectory).count();
    }
  }

  private HoldfastException tooOften(Path all) {
    return new HoldfastException(
        CODE,
        "this node has another state than the others at op "
            + op
            + ", and has rebuilt itself "
            + REBUILDS_MAX
            + " times before; it does not do so again by itself",
        "suspect its memory, its disk or its version; replace it on another machine with 'holdfast"
            + " node replace', or move what is in "
            + all
            + " away and start it again");
  }
}
