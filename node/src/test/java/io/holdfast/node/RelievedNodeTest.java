package io.holdfast.node;

import static io.holdfast.node.LocalNodes.await;
import static io.holdfast.node.LocalNodes.get;
import static io.holdfast.node.LocalNodes.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.vault.MasterKey;
import io.holdfast.vault.MasterKeyFiles;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.RepositoryLocation;
import io.holdfast.vault.Vault;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes of which only the last can reach a repository that all of them reach at first. */
class RelievedNodeTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temp;
  private final Map<String, Node> nodes = new HashMap<>();
  private final AtomicReference<@Nullable HoldfastException> fatal = new AtomicReference<>();

  @BeforeEach
  void start() throws IOException {
    Path site = LocalNodes.site(temp.resolve("site"), 3);
    Path keyFile = temp.resolve("vault.key");
    MasterKeyFiles.create(keyFile);
    Vault.create(
            Repositories.create(RepositoryLocation.parse("file:" + temp.resolve("near"))),
            new MasterKey.KeyFile(keyFile))
        .close();
    for (String name : new String[] {"n1", "n2", "n3"}) {
      Path home = site.resolve(name);
      Files.createSymbolicLink(temp.resolve("way-of-" + name), temp.resolve("near"));
      Files.writeString(
          home.resolve("holdfast.yaml"),
          """

          vault.repositories.main:
            {location: 'file:%s', key-file: '%s', schedule: none, verify: none}
          """
              .formatted(temp.resolve("way-of-" + name), keyFile),
          StandardOpenOption.APPEND);
      Map<String, String> patient =
          Map.of(
              "consensus.election-timeout-min", "1s",
              "consensus.election-timeout-max", "2s");
      NodeConfig config = NodeConfig.read(home.resolve("holdfast.yaml"), patient, Map.of());
      nodes.put(name, Node.start(config, new SystemClock(), fatal::set));
    }
  }

  @AfterEach
  void stop() {
    nodes.values().forEach(Node::close);
    assertThat(fatal.get()).isNull();
  }

  private Node node(String name) {
    return Objects.requireNonNull(nodes.get(name));
  }

  private JsonNode repository(String name) throws Exception {
    HttpResponse<String> answer = get(node(name).adminPort(), "/admin/v1/backup");
    return answer.statusCode() == 200
        ? JSON.readTree(answer.body()).path("repositories").path(0)
        : MissingNode.getInstance();
  }

  private boolean streams(String name) throws Exception {
    return repository(name).path("state").asText().equals("streams");
  }

  private void pay(String id) throws Exception {
    String account = "[{\"id\":\"" + id + "\",\"ledger\":1,\"code\":1}]";
    await(
        "account " + id,
        () -> post(node("n1").restPort(), "/v1/accounts", account).statusCode() == 200);
  }

  @Test
  void nodes_that_cannot_reach_a_repository_leave_it_to_the_one_that_can() throws Exception {
    pay("1");
    await("n1 or n2 streams", () -> streams("n1") || streams("n2"));
    Files.delete(temp.resolve("way-of-n1"));
    Files.delete(temp.resolve("way-of-n2"));
    pay("2");
    await(
        "one has left it",
        () ->
            get(node("n1").adminPort(), "/admin/v1/status").body().contains("repository-declined")
                || get(node("n2").adminPort(), "/admin/v1/status")
                    .body()
                    .contains("repository-declined"));
    await("n3 streams, whether it follows or leads", () -> streams("n3"));
    await("it has all", () -> repository("n3").path("rpo_seconds").asDouble(-1) == 0);
    for (String name : new String[] {"n1", "n2"}) {
      await(
          name + " does nothing any more",
          () -> repository(name).path("state").asText().equals("elsewhere"));
    }
  }
}
