package io.holdfast.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The members of a site at one entry of its log, as {@code members.json} keeps them; see
 * docs/formats/join.md.
 *
 * @param index of the entry of consensus that made them members; -1 for those of the genesis
 * @param removed names that were members once
 */
record MemberList(UUID incarnation, long index, List<Member> members, Set<String> removed) {
  static final String FILE = "members.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  MemberList {
    members = List.copyOf(members);
    removed = Set.copyOf(removed);
  }

  /** Reads it; null when consensus never changed the members. */
  static @Nullable MemberList read(Path directory) {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      return decode(Files.readAllBytes(file));
    } catch (IOException | IllegalArgumentException e) {
      throw new HoldfastException(
          "members-damaged",
          file + " can't be read: " + e.getMessage(),
          "the disk may be failing; treat this node's data as lost",
          e);
    }
  }

  void write(Path directory) throws IOException {
    SystemDisk.INSTANCE.writeDurably(directory.resolve(FILE), encode());
  }

  byte[] encode() throws IOException {
    ObjectNode json =
        JSON.createObjectNode().put("incarnation", incarnation.toString()).put("index", index);
    ArrayNode array = json.putArray("members");
    for (Member member : members) {
      array
          .addObject()
          .put("node_id", member.nodeId())
          .put("host", member.host())
          .put("port", member.port());
    }
    new TreeSet<>(removed).forEach(json.putArray("removed")::add);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
  }

  static MemberList decode(byte[] bytes) throws IOException {
    JsonNode json = JSON.readTree(bytes);
    Set<String> removed = new TreeSet<>();
    json.required("removed").forEach(name -> removed.add(name.asText()));
    return new MemberList(
        UUID.fromString(json.required("incarnation").asText()),
        json.required("index").longValue(),
        members(json.required("members")),
        removed);
  }

  private static List<Member> members(JsonNode array) {
    List<Member> members = new ArrayList<>();
    array.forEach(
        one ->
            members.add(
                new Member(
                    one.required("node_id").asText(),
                    one.required("host").asText(),
                    one.required("port").intValue())));
    return members;
  }
}
