package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What nodes said of their scrubbing, for people and programs. */
record ScrubReport(Map<String, JsonNode> nodes) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Whether a node has a damaged file now. */
  boolean damaged() {
    return nodes.values().stream().anyMatch(node -> !node.path("unmended").isEmpty());
  }

  void print(Console console, boolean json) {
    if (json) {
      JsonBody body = this::write;
      body.printTo(console);
      return;
    }
    console.out().println(table());
    lines().forEach(console.out()::println);
  }

  private void write(JsonGenerator out) throws IOException {
    out.setCodec(JSON);
    out.writeStartObject();
    for (Map.Entry<String, JsonNode> node : nodes.entrySet()) {
      out.writeFieldName(node.getKey());
      out.writeTree(node.getValue());
    }
    out.writeEndObject();
  }

  private Table table() {
    Table table =
        new Table(
            "node", "pass", "bytes>", "of>", "files>", "passes>", "found>", "mended>", "damaged>");
    nodes.forEach(
        (name, node) ->
            table.row(
                name,
                node.path("running").asBoolean() ? "runs" : "-",
                Shown.count(node.path("bytes").asLong()),
                Shown.count(node.path("total_bytes").asLong()),
                Shown.count(node.path("files").asLong()),
                Shown.count(node.path("passes").asLong()),
                Shown.count(node.path("found").asLong()),
                Shown.count(node.path("mended").asLong()),
                Shown.count(node.path("unmended").size())));
    return table;
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    nodes.forEach(
        (name, node) -> {
          for (JsonNode finding : node.path("findings")) {
            if (!finding.path("outcome").asText().equals("unmended")) {
              lines.add(line(name, finding));
            }
          }
          for (JsonNode finding : node.path("unmended")) {
            lines.add(line(name, finding));
          }
        });
    return lines;
  }

  private static String line(String node, JsonNode finding) {
    String note = finding.path("note").asText();
    return "%s: %s %s: %s%s"
        .formatted(
            node,
            finding.path("outcome").asText(),
            finding.path("file").asText(),
            finding.path("what").asText(),
            note.isEmpty() ? "" : "; " + note);
  }
}
