package io.holdfast.node;

import static io.holdfast.node.LocalNodes.await;
import static io.holdfast.node.LocalNodes.get;
import static io.holdfast.node.LocalNodes.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.cluster.NodeTls;
import io.holdfast.journal.Act;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.SiteLogReader;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole node, alone in its site, through its own doors. */
class NodeTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AtomicReference<@Nullable HoldfastException> FATAL = new AtomicReference<>();

  @TempDir static Path temp;
  private static @Nullable Node running;
  private static Path home = Path.of("");

  @BeforeAll
  static void start() throws Exception {
    home = LocalNodes.site(temp.resolve("site"), 1).resolve("n1");
    Node node = Node.start(config(Map.of()), new SystemClock(), FATAL::set);
    running = node;
    await("ready", () -> get(node.restPort(), "/health/ready").statusCode() == 200);
  }

  @AfterAll
  static void stop() {
    node().close();
    assertThat(FATAL.get()).isNull();
  }

  private static Node node() {
    return Objects.requireNonNull(running);
  }

  private static NodeConfig config(Map<String, String> options) {
    return NodeConfig.read(home.resolve("holdfast.yaml"), options, Map.of());
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  @Test
  void it_takes_payments_and_shows_them() throws Exception {
    int port = node().restPort();
    post(
        port,
        "/v1/accounts",
        """
        [{"id":"1","ledger":1,"code":1},{"id":"2","ledger":1,"code":1}]""");
    HttpResponse<String> paid =
        post(
            port,
            "/v1/transfers",
            """
            [{"id":"10","debit_account_id":"1","credit_account_id":"2","amount":"700",\
            "ledger":1,"code":1,"details":"aGVsbG8="}]""");
    assertThat(paid.statusCode()).as(paid.body()).isEqualTo(200);
    assertThat(json(paid).at("/results/0/status").asText()).isEqualTo("created");
    assertThat(json(get(port, "/v1/accounts/2")).toString()).contains("700");
    assertThat(json(get(port, "/v1/transfers/10")).toString()).contains("aGVsbG8=");
    assertThat(get(port, "/v1/accounts/1/transfers").statusCode()).isEqualTo(200);
    assertThat(get(port, "/v1/accounts/1/balances?consistency=stale-ok").statusCode())
        .isEqualTo(200);
    assertThat(get(port, "/v1/accounts?ledger=1").body()).contains("\"accounts\"");

    JsonNode digest = json(get(node().adminPort(), "/admin/v1/digest"));
    assertThat(digest.get("digest").asText()).hasSize(64);
    assertThat(digest.get("conserved").asBoolean()).isTrue();
    assertThat(digest.get("accounts").asLong()).isEqualTo(2);
  }

  @Test
  void it_says_who_it_is_to_applications_operators_and_monitoring() throws Exception {
    JsonNode status = json(get(node().restPort(), "/v1/status"));
    assertThat(status.get("node").asText()).isEqualTo("n1");
    assertThat(status.get("leader").asText()).isEqualTo("n1");
    assertThat(status.get("version").asText()).matches("[0-9].*");
    JsonNode admin = json(get(node().adminPort(), "/admin/v1/status"));
    assertThat(admin.get("ledger_id")).isEqualTo(status.get("ledger_id"));
    assertThat(admin.at("/nodes/0/lag_ops").asLong()).isZero();
    assertThat(get(node().restPort(), "/health/leader").statusCode()).isEqualTo(200);
    assertThat(get(node().restPort(), "/metrics").body())
        .contains("holdfast_node_op ")
        .contains("holdfast_node_leads 1.0")
        .contains("holdfast_node_batches_in_flight ")
        .contains("holdfast_node_queued_events ")
        .contains("holdfast_node_peer_op{peer=\"n1\"}")
        .contains("holdfast_node_submit_seconds_count{outcome=\"answered\"}")
        .contains("jvm_memory_used_bytes");
    assertThat(node().readyLine())
        .startsWith("holdfast serves node=n1 site=main ledger=")
        .contains(" rest=http://127.0.0.1:" + node().restPort())
        .contains(" admin=http://127.0.0.1:" + node().adminPort());
  }

  @Test
  void operators_are_told_what_was_wrong() throws Exception {
    int port = node().adminPort();
    assertProblem(get(port, "/admin/v1/nothing"), 404, "unknown-path");
    assertProblem(get(port, "/admin/v1/digest?op=x"), 422, "malformed-number");
    assertProblem(post(port, "/admin/v1/hand-over", "{\"to\":\"n9\"}"), 422, "unknown-node");
    assertProblem(post(port, "/admin/v1/hand-over", "{\"ot\":\"n1\"}"), 400, "malformed-json");
    assertProblem(post(port, "/admin/v1/hand-over", "[]"), 400, "malformed-json");
    assertProblem(post(port, "/admin/v1/hand-over", "nonsense"), 400, "malformed-json");
    assertProblem(post(port, "/admin/v1/hand-over", "{\"to\":null}"), 503, "hand-over-failed");
    HttpRequest.Builder form =
        HttpRequest.newBuilder(LocalNodes.uri(port, "/admin/v1/hand-over"))
            .POST(HttpRequest.BodyPublishers.ofString("{}"));
    assertProblem(LocalNodes.send(form), 415, "unsupported-media-type");
    HttpRequest.Builder page =
        HttpRequest.newBuilder(LocalNodes.uri(port, "/admin/v1/status"))
            .header("Origin", "http://evil.example");
    assertProblem(LocalNodes.send(page), 403, "browser-refused");
    HttpRequest.Builder soon =
        HttpRequest.newBuilder(LocalNodes.uri(port, "/admin/v1/digest?op=999999999"))
            .header("Holdfast-Timeout-Millis", "50");
    assertThat(LocalNodes.send(soon).statusCode()).isIn(503, 504);
  }

  @Test
  void its_log_tells_how_it_started_who_asked_for_what_and_how_it_ended() throws Exception {
    Path own = LocalNodes.site(temp.resolve("logged"), 1).resolve("n1");
    NodeConfig config = NodeConfig.read(own.resolve("holdfast.yaml"), Map.of(), Map.of());
    try (Node node = Node.start(config, new SystemClock(), FATAL::set)) {
      await("ready", () -> get(node.restPort(), "/health/ready").statusCode() == 200);
      HttpRequest.Builder handOver =
          HttpRequest.newBuilder(LocalNodes.uri(node.adminPort(), "/admin/v1/hand-over"))
              .header("Content-Type", "application/json")
              .header("Holdfast-Operator", "zoe")
              .POST(HttpRequest.BodyPublishers.ofString("{\"to\":null}"));
      assertProblem(LocalNodes.send(handOver), 503, "hand-over-failed");
      String path = "/admin/v1/log?kind=operator-act&since=2026-01-01T00:00:00Z";
      await("both", () -> json(get(node.adminPort(), path)).get("acts").size() == 2);
      JsonNode acts = json(get(node.adminPort(), path)).get("acts");
      assertThat(acts.get(0).get("actor").asText()).isEqualTo("operator zoe at 127.0.0.1");
      assertThat(acts.get(0).at("/fields/state").asText()).isEqualTo("asked");
      assertThat(acts.get(1).at("/fields/code").asText()).isEqualTo("hand-over-failed");
      JsonNode all = json(get(node.adminPort(), "/admin/v1/log"));
      assertThat(all.get("last_number").asLong()).isGreaterThanOrEqualTo(all.get("acts").size());
      assertThat(all.findValuesAsText("kind"))
          .contains("node-started", "leadership-gained", "operator-act");
      assertProblem(get(node.adminPort(), "/admin/v1/log?count=0"), 422, "malformed-number");
      assertProblem(get(node.adminPort(), "/admin/v1/log?since=now"), 422, "malformed-time");
    }
    List<Act> acts = acts(own);
    assertThat(acts.getLast().kind()).isEqualTo("node-stopped");
    assertThat(started(acts)).containsEntry("before", "nothing is known");
    Node.start(config, new SystemClock(), FATAL::set).close();
    assertThat(started(acts(own)))
        .containsEntry("before", "node-stopped")
        .containsEntry("version", Version.text())
        .containsKeys("boot", "journal_ms", "ledger_ms", "consensus_ms", "took_ms");
  }

  @Test
  void a_start_that_failed_and_a_halt_are_in_its_log() throws Exception {
    Path own = LocalNodes.site(temp.resolve("halting"), 1).resolve("n1");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      refusal(
          NodeConfig.read(own.resolve("holdfast.yaml"), Map.of("rest.address", address), Map.of()));
    }
    Act halted = acts(own).getLast();
    assertThat(halted.kind()).isEqualTo("node-halted");
    assertThat(halted.fields())
        .containsEntry("code", "port-in-use")
        .containsEntry("while", "starting");
  }

  private static Map<String, String> started(List<Act> acts) {
    return acts.reversed().stream()
        .filter(act -> act.kind().equals("node-started"))
        .findFirst()
        .orElseThrow()
        .fields();
  }

  private static List<Act> acts(Path own) {
    DataKey key = DataKey.read(own.resolve("keys/data.key"));
    return new SiteLogReader(SystemDisk.INSTANCE, own.resolve("site-log"), key)
        .acts(new SiteLogReader.Filter(0, null, 1_000));
  }

  private static void assertProblem(HttpResponse<String> response, int status, String code)
      throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(json(response).get("code").asText()).isEqualTo(code);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @Test
  void a_second_node_on_the_same_directory_is_refused() {
    assertThat(refusal(config(Map.of())).code()).isEqualTo("directory-in-use");
  }

  @Test
  void an_address_in_use_is_named_before_anything_starts() throws Exception {
    Path other = LocalNodes.site(temp.resolve("other"), 1).resolve("n1");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (String key : new String[] {"rest.address", "admin.address"}) {
        String address = "127.0.0.1:" + taken.getLocalPort();
        HoldfastException e =
            refusal(
                NodeConfig.read(other.resolve("holdfast.yaml"), Map.of(key, address), Map.of()));
        assertThat(e.code()).isEqualTo("port-in-use");
        assertThat(e.message()).contains(key).contains(address);
      }
    }
    assertThat(other.resolve("raft")).doesNotExist();
    DirectoryLock.take(other).close();
  }

  @Test
  void a_directory_that_init_did_not_make_is_refused_and_left_as_it_is() throws Exception {
    Path empty = Files.createDirectory(temp.resolve("empty"));
    Path file = Files.writeString(empty.resolve("holdfast.yaml"), "");
    assertThat(refusal(NodeConfig.read(file, Map.of(), Map.of())).code())
        .isEqualTo("genesis-missing");
    assertThat(empty.resolve("raft")).doesNotExist();
  }

  @Test
  void beyond_this_machine_it_speaks_https_1_3_with_its_own_certificate() throws Exception {
    Path site = LocalNodes.site(temp.resolve("open"), 1);
    Map<String, String> open =
        Map.of("insecure", "true", "rest.address", "0.0.0.0:0", "admin.address", "0.0.0.0:0");
    NodeConfig config = NodeConfig.read(site.resolve("n1/holdfast.yaml"), open, Map.of());
    try (Node node = Node.start(config, new SystemClock(), FATAL::set);
        HttpClient client = LocalNodes.secureClient(site.resolve("n1/keys/ca.crt"))) {
      assertThat(node.readyLine()).contains("rest=https://").contains("admin=https://");
      for (String path :
          List.of(node.restPort() + "/v1/status", node.adminPort() + "/admin/v1/status")) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create("https://localhost:" + path)).build();
        HttpResponse<String> status = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(status.statusCode()).isEqualTo(200);
        assertThat(status.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
        assertThat(json(status).get("node").asText()).isEqualTo("n1");
      }
      assertThatThrownBy(() -> handshakeWithTls12(site, node.restPort()))
          .isInstanceOf(SSLException.class);
      assertThatThrownBy(() -> get(node.restPort(), "/v1/status")).isInstanceOf(IOException.class);
    }
  }

  private static void handshakeWithTls12(Path site, int port) throws IOException {
    SSLContext context = NodeTls.clientContext(site.resolve("n1/keys/ca.crt"));
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("localhost", port)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.startHandshake();
    }
  }

  private static HoldfastException refusal(NodeConfig config) {
    return catchThrowableOfType(
        HoldfastException.class, () -> Node.start(config, new SystemClock(), FATAL::set).close());
  }
}
