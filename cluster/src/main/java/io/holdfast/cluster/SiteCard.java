package io.holdfast.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a node tells one that wants to become a member: which ledger and incarnation, and who the
 * members are.
 *
 * @param base where the incarnation began; null when it began with an empty ledger
 * @param lineage the history of the ledger
 */
record SiteCard(
    String ledgerId,
    String site,
    String dataKeyId,
    Genesis.@Nullable Base base,
    Lineage lineage,
    MemberList members) {
  private static final ObjectMapper JSON = new ObjectMapper();

  byte[] encode() {
    try {
      ObjectNode json =
          JSON.createObjectNode()
              .put("ledger_id", ledgerId)
              .put("site", site)
              .put("data_key_id", dataKeyId)
              .put("base_op", base == null ? 0 : base.op())
              .put("base_chain", base == null ? "" : base.chain())
              .put("lineage", HexFormat.of().formatHex(lineage.encode()));
      json.set("members", JSON.readTree(members.encode()));
      return json.toString().getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("what was made here can be read", e);
    }
  }

  static SiteCard decode(byte[] bytes) {
    try {
      JsonNode json = JSON.readTree(bytes);
      long baseOp = json.required("base_op").longValue();
      return new SiteCard(
          json.required("ledger_id").asText(),
          json.required("site").asText(),
          json.required("data_key_id").asText(),
          baseOp == 0 ? null : new Genesis.Base(baseOp, json.required("base_chain").asText()),
          lineage(json),
          MemberList.decode(json.required("members").toString().getBytes(StandardCharsets.UTF_8)));
    } catch (IOException | IllegalArgumentException e) {
      throw new HoldfastException(
          "malformed-peer-message",
          "another node sent a malformed site: " + e.getMessage(),
          "all nodes of a site must run versions that know each other",
          e);
    }
  }

  /** A node of an earlier version does not tell it: its ledger has the one branch of a new one. */
  private static Lineage lineage(JsonNode json) {
    if (!json.has("lineage")) {
      return Lineage.ofNew(UInt128.parseId(json.required("ledger_id").asText()));
    }
    Lineage lineage = Lineage.parse(HexFormat.of().parseHex(json.required("lineage").asText()));
    if (lineage == null) {
      throw new IllegalArgumentException("its lineage is not laid out as one");
    }
    return lineage;
  }
}
