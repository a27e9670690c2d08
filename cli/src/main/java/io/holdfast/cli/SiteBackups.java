package io.holdfast.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.holdfast.drill.AdminClient;
import io.holdfast.kernel.HoldfastException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the nodes of a site say of its backups. */
final class SiteBackups {
  private final Map<String, AdminClient> nodes = new LinkedHashMap<>();

  /**
   * @param addresses of admin APIs, by what to call them
   */
  SiteBackups(Map<String, URI> addresses) {
    addresses.forEach((name, address) -> nodes.put(name, new AdminClient(address)));
  }

  /**
   * What one node said.
   *
   * @param called as its address was given
   */
  record OfNode(String called, JsonNode status) {
    String node() {
      return status.path("node").asText();
    }

    boolean isOnDuty() {
      return node().equals(status.path("on_duty").asText());
    }
  }

  /**
   * What all said.
   *
   * @param silent those that did not answer
   */
  record Said(List<OfNode> nodes, List<String> silent) {
    /** The names of all repositories. */
    Set<String> repositories() {
      Set<String> names = new LinkedHashSet<>();
      for (OfNode node : nodes) {
        node.status().path("repositories").forEach(one -> names.add(one.path("name").asText()));
      }
      return names;
    }

    /** The one repository that there is. */
    String only() {
      Set<String> names = repositories();
      if (names.size() != 1) {
        throw new HoldfastException(
            "no-such-repository",
            names.isEmpty()
                ? "no repository is configured on the nodes that answer"
                : "there are several repositories; allowed: " + String.join(", ", names),
            names.isEmpty()
                ? "vault.repositories in holdfast.yaml; see docs/operate/backup.md"
                : "name one by --repository-name");
      }
      return names.iterator().next();
    }

    /** The node that does the work; if none says so, any. */
    OfNode onDuty() {
      return nodes.stream().filter(OfNode::isOnDuty).findFirst().orElse(nodes.getFirst());
    }

    /** What the node that works for a repository says of it; null when none works for it. */
    @Nullable OfNode working(String repository) {
      return nodes.stream()
          .filter(
              node -> {
                JsonNode one = repository(node.status(), repository);
                return !one.isMissingNode() && !one.path("state").asText().equals("elsewhere");
              })
          .findFirst()
          .orElse(null);
    }
  }

  /** Asks all; at least one must answer. */
  Said ask(Duration within) {
    List<OfNode> said = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    nodes.forEach(
        (name, client) -> {
          try {
            said.add(new OfNode(name, client.backup(within)));
          } catch (HoldfastException e) {
            if (!e.code().equals("unavailable")) {
              throw e;
            }
            silent.add(name);
          }
        });
    if (said.isEmpty()) {
      throw new HoldfastException(
          "unavailable",
          "no node answered: " + String.join(", ", silent),
          "see whether they run: holdfast status; of a stopped node a backup is taken by 'holdfast"
              + " backup run --offline DIR'");
    }
    return new Said(said, silent);
  }

  AdminClient client(String called) {
    AdminClient client = nodes.get(called);
    if (client == null) {
      throw new IllegalArgumentException(called + " is no node that was asked");
    }
    return client;
  }

  /** A repository in a node's words; a missing node when it does not know it. */
  static JsonNode repository(JsonNode status, String name) {
    for (JsonNode one : status.path("repositories")) {
      if (one.path("name").asText().equals(name)) {
        return one;
      }
    }
    return MissingNode.getInstance();
  }
}
