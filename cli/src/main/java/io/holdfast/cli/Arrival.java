package io.holdfast.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.drill.AdminClient;
import io.holdfast.drill.NodeProcess;
import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Watches a node from its start until it is a member of its site, and shows how far it is. */
final class Arrival {
  private static final long LOOK_MILLIS = 250;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Console console;
  private final NodeProcess node;
  private final boolean json;

  Arrival(Console console, NodeProcess node, boolean json) {
    this.console = console;
    this.node = node;
    this.json = json;
  }

  /** Waits as long as the node runs and is on its way. */
  void await(@Nullable String replaces) {
    long began = System.nanoTime();
    AdminClient admin = new AdminClient(node.address().admin());
    String shown = "";
    try (LiveLines screen = new LiveLines(console)) {
      while (true) {
        JsonNode status = status(admin);
        String role = status.path("role").asText(ownRole(status));
        if (role.equals("follower") || role.equals("leader")) {
          break;
        }
        String line = json ? document(role, status).toString() : words(role, status);
        if (!line.equals(shown)) {
          if (json) {
            console.out().println(line);
            console.out().flush();
          } else {
            screen.show(List.of(line));
          }
          shown = line;
        }
        if (!node.isAlive()) {
          throw new HoldfastException(
              "node-did-not-start",
              "node " + node.name() + " stopped\n" + node.lastLines(),
              "its output is in " + node.output() + "; started again it goes on where it was");
        }
        Waiting.pause(LOOK_MILLIS);
      }
    }
    tell(replaces, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
  }

  private void tell(@Nullable String replaces, long tookMs) {
    if (json) {
      ObjectNode done = JsonNodeFactory.instance.objectNode();
      done.put("node", node.name()).put("done", true);
      done.put("replaces", replaces).put("took_ms", tookMs);
      console.out().println(done);
      return;
    }
    console
        .out()
        .println(
            "%s is a member%s, after %.1f s"
                .formatted(
                    node.name(),
                    replaces == null ? "" : " in the place of " + replaces,
                    tookMs / 1_000.0));
    if (replaces != null) {
      console
          .out()
          .println(
              "the directory "
                  + node.directory().resolveSibling(replaces)
                  + " is needed no more, if it is there");
    }
  }

  private static JsonNode status(AdminClient admin) {
    try {
      return admin.status(PATIENCE);
    } catch (HoldfastException e) {
      return JsonNodeFactory.instance.objectNode(); // not yet
    }
  }

  /** The role of the node itself among the members, as it sees them. */
  private String ownRole(JsonNode status) {
    return status
        .path("nodes")
        .valueStream()
        .filter(member -> member.path("node").asText().equals(node.name()))
        .map(member -> member.path("role").asText())
        .findFirst()
        .orElse(status.isEmpty() ? "starting" : "joining");
  }

  private ObjectNode document(String role, JsonNode status) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("node", node.name()).put("role", role);
    if (status.has("seeding")) {
      document.set("seeding", status.path("seeding"));
      document.put("seconds_left", status.path("seconds_left").asLong());
    }
    return document;
  }

  private String words(String role, JsonNode status) {
    JsonNode seeding = status.path("seeding");
    if (seeding.path("total_bytes").asLong() == 0) {
      return node.name() + ": " + role;
    }
    long left = status.path("seconds_left").asLong();
    return "%s: %s, round %d, %,d of %,d MiB, %,d MiB/s%s"
        .formatted(
            node.name(),
            role,
            seeding.path("round").asInt(),
            seeding.path("done_bytes").asLong() >> 20,
            seeding.path("total_bytes").asLong() >> 20,
            seeding.path("bytes_per_second").asLong() >> 20,
            left < 0 ? "" : ", %d s left".formatted(left));
  }
}
