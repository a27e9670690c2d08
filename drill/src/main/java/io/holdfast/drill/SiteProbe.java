package io.holdfast.drill;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at a local site from outside: who leads, how far each node is, whether all agree. */
public final class SiteProbe {
  private static final Duration PATIENCE = Duration.ofMillis(800);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final LocalSite site;

  public SiteProbe(LocalSite site) {
    this.site = site;
  }

  /** What one node said of itself. */
  public record NodeView(String node, String leader, long term, long op, List<String> incidents) {
    public boolean leads() {
      return node.equals(leader);
    }
  }

  /** What a node says of itself now; empty when it does not answer. */
  public Optional<NodeView> view(NodeProcess node) {
    if (!node.isAlive() || node.isHung()) {
      return Optional.empty();
    }
    HttpRequest request =
        HttpRequest.newBuilder(node.address().rest().resolve("/v1/status"))
            .timeout(PATIENCE)
            .build();
    try {
      HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        return Optional.empty();
      }
      JsonNode status = Json.MAPPER.readTree(response.body());
      return Optional.of(
          new NodeView(
              node.name(),
              status.path("leader").asText(""),
              status.path("term").asLong(),
              status.path("op").asLong(),
              status.path("incidents").valueStream().map(JsonNode::asText).toList()));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** The node that leads in the highest term and takes payments; empty while there is none. */
  public Optional<NodeProcess> leader() {
    NodeProcess leader = null;
    long highest = -1;
    for (NodeProcess node : site.nodes()) {
      Optional<NodeView> view = view(node);
      if (view.isPresent() && view.get().leads() && view.get().term() > highest) {
        leader = node;
        highest = view.get().term();
      }
    }
    return Optional.ofNullable(leader).filter(node -> HealthProbe.leads(node.address()));
  }

  /** Waits until a node leads and takes payments. */
  public NodeProcess awaitLeader(Duration within) {
    return awaitLeaderOtherThan("", within);
  }

  /** Waits until a node other than the named one leads and takes payments. */
  public NodeProcess awaitLeaderOtherThan(String former, Duration within) {
    Deadline deadline = Deadline.in(within);
    while (!deadline.passed()) {
      Optional<NodeProcess> leader = leader().filter(node -> !node.name().equals(former));
      if (leader.isPresent()) {
        return leader.get();
      }
      Deadline.letPass(Duration.ofMillis(20));
    }
    throw new HoldfastException(
        "no-leader",
        "no node "
            + (former.isEmpty() ? "" : "other than " + former + " ")
            + "led within "
            + within,
        "the nodes' output is in " + site.directory() + "/n*/node.out");
  }

  /** Any node that leads not. */
  public NodeProcess follower(Duration within) {
    NodeProcess leader = awaitLeader(within);
    return site.nodes().stream()
        .filter(node -> node != leader && node.isAlive() && !node.isHung())
        .findFirst()
        .orElseThrow(() -> new HoldfastException("no-follower", "no node but the leader runs", ""));
  }

  /** Waits until a node has applied what the leader has applied now, and answers. */
  public void awaitCaughtUp(NodeProcess node, Duration within) {
    Deadline deadline = Deadline.in(within);
    node.waitReady(deadline.left());
    long op = view(awaitLeader(deadline.left())).map(NodeView::op).orElse(0L);
    deadline.await(
        () -> view(node).map(view -> view.op() >= op).orElse(false),
        () ->
            new HoldfastException(
                "node-lags",
                "node " + node.name() + " had not applied op " + op + " within " + within,
                "its output is in " + node.output()));
  }

  /**
   * Has every running node scan its state at the same op. Between two scans an expiry may be
   * committed; then all are scanned again.
   */
  public Map<String, AdminClient.Digest> digests(Duration within) {
    Deadline deadline = Deadline.in(within);
    while (true) {
      long op = view(awaitLeader(deadline.left())).map(NodeView::op).orElse(0L);
      Map<String, AdminClient.Digest> digests = new LinkedHashMap<>();
      for (NodeProcess node : site.nodes()) {
        if (node.isAlive() && !node.isHung()) {
          AdminClient admin = new AdminClient(node.address().admin());
          digests.put(node.name(), admin.digest(op, deadline.left()));
        }
      }
      long ops = digests.values().stream().mapToLong(AdminClient.Digest::op).distinct().count();
      if (ops <= 1) {
        return digests;
      }
      if (deadline.passed()) {
        throw new HoldfastException(
            "no-common-op", "the nodes were scanned at different ops: " + digests, "stop the load");
      }
    }
  }
}
