package io.holdfast.node;

import static io.holdfast.node.LocalNodes.await;
import static io.holdfast.node.LocalNodes.get;
import static io.holdfast.node.LocalNodes.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three whole nodes in one process: what an operator does to them. */
class ThreeNodesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temp;
  private final Map<String, Node> nodes = new HashMap<>();
  private final AtomicReference<@Nullable HoldfastException> fatal = new AtomicReference<>();

  @BeforeEach
  void start() throws Exception {
    Path site = LocalNodes.site(temp.resolve("site"), 3);
    for (String name : new String[] {"n1", "n2", "n3"}) {
      start(site.resolve(name));
    }
    for (Node node : nodes.values()) {
      awaitReady(node);
    }
  }

  @AfterEach
  void stop() {
    nodes.values().forEach(Node::close);
    assertThat(fatal.get()).isNull();
  }

  private Node start(Path home) {
    // Patient elections: the machine that runs the tests may be busy with others.
    Map<String, String> patient =
        Map.of(
            "consensus.election-timeout-min", "1s",
            "consensus.election-timeout-max", "2s");
    NodeConfig config = NodeConfig.read(home.resolve("holdfast.yaml"), patient, Map.of());
    Node node = Node.start(config, new SystemClock(), fatal::set);
    nodes.put(node.nodeId(), node);
    return node;
  }

  private static void awaitReady(Node node) throws Exception {
    await(
        node.nodeId() + " is ready",
        () -> get(node.restPort(), "/health/ready").statusCode() == 200);
  }

  private String leader() throws Exception {
    Node any = nodes.values().iterator().next();
    return JSON.readTree(get(any.restPort(), "/v1/status").body()).get("leader").asText();
  }

  /** As clients do: what was not taken, or whose outcome is not known, is sent again. */
  private static void openAccount(Node node, String id) throws Exception {
    String account = "[{\"id\":\"" + id + "\",\"ledger\":1,\"code\":1}]";
    await(
        "account " + id + " through " + node.nodeId(),
        () -> {
          HttpResponse<String> answer = post(node.restPort(), "/v1/accounts", account);
          assertThat(answer.statusCode()).as(answer.body()).isIn(200, 503, 504);
          return answer.statusCode() == 200 && answer.body().matches(".*(created|exists).*");
        });
  }

  @Test
  void an_operator_moves_leadership_and_every_gateway_goes_on() throws Exception {
    String first = leader();
    String to = first.equals("n1") ? "n2" : "n1";
    for (Node node : nodes.values()) {
      openAccount(node, "1" + node.nodeId().substring(1));
    }
    Node follower = Objects.requireNonNull(nodes.get(to));
    HttpResponse<String> wrong =
        post(follower.adminPort(), "/admin/v1/hand-over", "{\"to\":\"" + to + "\"}");
    assertThat(wrong.statusCode()).as(wrong.body()).isEqualTo(409);
    assertThat(wrong.body()).contains(first);

    Node leader = Objects.requireNonNull(nodes.get(first));
    HttpResponse<String> moved =
        post(leader.adminPort(), "/admin/v1/hand-over", "{\"to\":\"" + to + "\"}");
    assertThat(moved.statusCode()).as(moved.body()).isEqualTo(200);
    JsonNode result = JSON.readTree(moved.body());
    assertThat(result.get("leader").asText()).isEqualTo(to);
    assertThat(result.get("took_ms").asLong()).isNotNegative();
    await("a new leader", () -> leader().equals(to));
    for (Node node : nodes.values()) {
      awaitReady(node);
      openAccount(node, "2" + node.nodeId().substring(1));
    }
    await(
        "all at the same op", () -> nodes.values().stream().map(this::op).distinct().count() == 1);
    List<String> scans = new ArrayList<>();
    for (Node node : nodes.values()) {
      scans.add(get(node.adminPort(), "/admin/v1/digest").body());
    }
    assertThat(scans).allMatch(scan -> scan.equals(scans.getFirst()));
    assertThat(scans.getFirst()).contains("\"conserved\":true").contains("\"accounts\":6");
  }

  private long op(Node node) {
    try {
      return JSON.readTree(get(node.adminPort(), "/admin/v1/status").body()).get("op").asLong();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_node_without_the_others_reads_its_own_state_and_says_how_old_it_may_be() throws Exception {
    String first = leader();
    String last = first.equals("n1") ? "n2" : "n1";
    Node left = Objects.requireNonNull(nodes.get(last));
    openAccount(left, "7");
    nodes.keySet().stream().filter(name -> !name.equals(last)).toList().forEach(this::close);

    for (String read : List.of("balance", "transfers", "balances", "holds")) {
      String path = "/v1/accounts/7/" + read + "?consistency=stale-ok";
      await(
          "a read of " + read + " with its age",
          () -> {
            HttpResponse<String> answer = get(left.restPort(), path);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            long lagMillis = JSON.readTree(answer.body()).get("lag_ms").asLong();
            assertThat(answer.headers().firstValue("Holdfast-Lag-Millis"))
                .contains(Long.toString(lagMillis));
            return lagMillis > 300;
          });
    }
  }

  private void close(String name) {
    Objects.requireNonNull(nodes.remove(name)).close();
  }

  @Test
  void a_stopped_leader_has_handed_over_before_and_comes_back() throws Exception {
    String first = leader();
    Node leader = Objects.requireNonNull(nodes.remove(first));
    leader.close();
    await("another leader", () -> !leader().equals(first) && !leader().equals("null"));
    for (Node node : nodes.values()) {
      awaitReady(node);
      openAccount(node, "3" + node.nodeId().substring(1));
    }
    Node back = start(temp.resolve("site").resolve(first));
    awaitReady(back);
    openAccount(back, "4");
  }
}
