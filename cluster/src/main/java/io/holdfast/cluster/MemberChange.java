package io.holdfast.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A change of the site's members that a node asks the leader for. */
sealed interface MemberChange {
  ObjectMapper JSON = new ObjectMapper();

  /**
   * The caller wants to be a member.
   *
   * @param replaces the member that it takes the place of; empty for none
   */
  record Join(String host, int port, String replaces) implements MemberChange {}

  /** An operator wants a node to be a member no more. */
  record Remove(String nodeId) implements MemberChange {}

  /**
   * What came of it.
   *
   * @param done whether it is as asked now; if not, it can be asked again
   * @param text why not, in words
   */
  record Answer(boolean done, String text) {
    byte[] encode() {
      ObjectNode json = JSON.createObjectNode().put("done", done).put("text", text);
      return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    static Answer decode(byte[] bytes) {
      JsonNode json = parse(bytes);
      return new Answer(json.path("done").asBoolean(), json.path("text").asText());
    }
  }

  default byte[] encode() {
    ObjectNode json =
        switch (this) {
          case Join join ->
              JSON.createObjectNode()
                  .put("host", join.host())
                  .put("port", join.port())
                  .put("replaces", join.replaces());
          case Remove remove -> JSON.createObjectNode().put("remove", remove.nodeId());
        };
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  static MemberChange decode(byte[] bytes) {
    JsonNode json = parse(bytes);
    return json.has("remove")
        ? new Remove(json.path("remove").asText())
        : new Join(
            json.path("host").asText(), json.path("port").asInt(), json.path("replaces").asText());
  }

  private static JsonNode parse(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (IOException e) {
      throw new HoldfastException(
          "malformed-peer-message",
          "another node sent a malformed change of members: " + e.getMessage(),
          "all nodes of a site must run versions that know each other",
          e);
    }
  }
}
