package io.holdfast.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * {@code join.json}: what a node needs to know before it is one; see docs/formats/join.md. A
 * directory that has it and no genesis is seeded from the peers; it goes once the node is a member.
 *
 * @param self the node to be
 * @param replaces the member whose place it takes; empty for none
 * @param peers members that it can ask
 */
public record JoinFile(
    UInt128 ledgerId,
    String site,
    Member self,
    String dataKeyId,
    String replaces,
    List<Member> peers) {
  static final String NAME = "join.json";
  private static final int FORMAT = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Stands for the incarnation, which only the peers know. */
  private static final UUID UNKNOWN = new UUID(0, 0);

  public JoinFile {
    peers = List.copyOf(peers);
  }

  public static boolean existsIn(Path directory) {
    return Files.exists(directory.resolve(NAME));
  }

  /** The genesis that the node would have if the site were as this file says. */
  Genesis genesis() {
    List<Member> members = new ArrayList<>(peers);
    members.add(self);
    return new Genesis(
        Genesis.FORMAT_LATER,
        ledgerId,
        site,
        self.nodeId(),
        UNKNOWN,
        dataKeyId,
        members,
        true,
        null,
        Lineage.ofNew(ledgerId));
  }

  /**
   * Reads it.
   *
   * @throws HoldfastException code {@code join-damaged}
   */
  static JoinFile read(Path directory) {
    Path file = directory.resolve(NAME);
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      if (json.required("format").intValue() != FORMAT) {
        throw new IllegalArgumentException("its format is " + json.required("format"));
      }
      List<Member> peers = new ArrayList<>();
      json.required("peers").forEach(peer -> peers.add(member(peer)));
      JoinFile join =
          new JoinFile(
              UInt128.parseId(json.required("ledger_id").asText()),
              json.required("site").asText(),
              member(json.required("self")),
              json.required("data_key_id").asText(),
              json.required("replaces").asText(),
              peers);
      join.genesis(); // checks names and addresses
      return join;
    } catch (IOException | IllegalArgumentException | HoldfastException e) {
      throw new HoldfastException(
          "join-damaged",
          file + " can't be used: " + e.getMessage(),
          "make the directory again with 'holdfast node add' or 'holdfast node replace'",
          e);
    }
  }

  void write(Path directory) throws IOException {
    ObjectNode json =
        JSON.createObjectNode()
            .put("format", FORMAT)
            .put("ledger_id", ledgerId.toHex())
            .put("site", site);
    put(json.putObject("self"), self);
    json.put("data_key_id", dataKeyId).put("replaces", replaces);
    ArrayNode array = json.putArray("peers");
    peers.forEach(peer -> put(array.addObject(), peer));
    SystemDisk.INSTANCE.writeDurably(
        directory.resolve(NAME), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
  }

  private static void put(ObjectNode json, Member member) {
    json.put("node_id", member.nodeId()).put("host", member.host()).put("port", member.port());
  }

  private static Member member(JsonNode json) {
    return new Member(
        json.required("node_id").asText(),
        json.required("host").asText(),
        json.required("port").intValue());
  }
}
