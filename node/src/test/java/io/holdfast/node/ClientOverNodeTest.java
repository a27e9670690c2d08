package io.holdfast.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.LedgerAccess;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.testkit.LedgerAccessContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole node is a way to the ledger like any other, its answers those of its replicated state.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientOverNodeTest extends LedgerAccessContract {
  private final AtomicReference<@Nullable HoldfastException> fatal = new AtomicReference<>();
  private @Nullable Node node;
  private @Nullable HoldfastClient client;

  @BeforeAll
  void start(@TempDir Path temp) throws Exception {
    Path home = LocalNodes.site(temp.resolve("site"), 1).resolve("n1");
    NodeConfig config = NodeConfig.read(home.resolve("holdfast.yaml"), Map.of(), Map.of());
    Node started = Node.start(config, new SystemClock(), fatal::set);
    node = started;
    client =
        HoldfastClient.builder()
            .gateways(List.of(LocalNodes.uri(started.restPort(), "")))
            .deadline(Duration.ofSeconds(60))
            .build();
  }

  @Override
  protected LedgerAccess ledger() {
    return Objects.requireNonNull(client);
  }

  @AfterAll
  void stop() {
    Objects.requireNonNull(client).close();
    Objects.requireNonNull(node).close();
    assertThat(fatal.get()).isNull();
  }
}
