package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.client.BlockingClient;
import io.holdfast.drill.AdminClient;
import io.holdfast.drill.Deadline;
import io.holdfast.drill.NodeProcess;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferWithDetails;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Details are erased on real nodes with the command that an operator would use. */
class ErasedDetailsTest {
  private static final byte[] SECRET = "IBAN DE02 1203".getBytes(StandardCharsets.US_ASCII);
  private static final Duration WITHIN = Duration.ofSeconds(20);

  private final RunningSite site = RunningSite.prepared("details", 3);

  @BeforeEach
  void start() {
    site.startAll();
  }

  @AfterEach
  void killAll() {
    site.close();
  }

  @Test
  void details_are_erased_on_all_nodes_one_that_was_killed_included_and_the_journal_stays_proved()
      throws Exception {
    BlockingClient client = new BlockingClient(site.client());
    client.account(Account.opening(UInt128.of(1), 978, 1, 0));
    client.account(Account.opening(UInt128.of(2), 978, 1, 0));
    for (int i = 0; i < 20; i++) {
      client.transfer(payment(100 + i), SECRET);
    }
    assertThat(look(client, 100).details()).isEqualTo(SECRET);
    NodeProcess killed = site.follower();
    killed.kill9();
    NodeProcess node = site.leader();
    String period = YearMonth.now(ZoneOffset.UTC).toString();

    HoldfastCommand asked = details(node, "destroy-key", "--period", period);
    assertThat(asked.exitCode()).isEqualTo(2);
    assertThat(asked.errors()).contains("not-confirmed", "20 transfers", "--yes");
    assertThat(look(client, 100).details()).as("nothing was done").isEqualTo(SECRET);
    HoldfastCommand erased = details(node, "destroy-key", "--period", period, "--yes");
    assertThat(erased.exitCode()).as(erased.errors()).isZero();
    assertThat(erased.output()).contains("20 transfers", "not confirmed by " + killed.name());

    assertThat(look(client, 100).detailsErased()).isTrue();
    client.transfer(payment(200), SECRET);
    assertThat(client.transfer(payment(100), SECRET).existed()).isTrue();
    site.awaitWhole();
    assertThat(details(killed, "keys").output()).contains("destroyed", "alive");
    site.site().stop();
    site.startAll();
    for (NodeProcess each : site.nodes()) {
      site.probe().awaitCaughtUp(each, RunningSite.READY);
    }

    assertThat(look(client, 119).detailsErased()).isTrue();
    assertThat(look(client, 119).details()).isEmpty();
    assertThat(look(client, 200).details()).isEqualTo(SECRET);
    long op = new AdminClient(site.leader().address().admin()).digest(0, WITHIN).op();
    List<String> digests =
        site.nodes().stream()
            .map(each -> new AdminClient(each.address().admin()).digest(op, WITHIN).digest())
            .toList();
    assertThat(digests).containsOnly(digests.getFirst());
    for (NodeProcess each : site.nodes()) {
      Deadline.await("the new key on " + each.name(), RunningSite.SOON, () -> hasNewKey(each));
    }
    site.site().stop();
    for (NodeProcess each : site.nodes()) {
      assertThat(keyFiles(each)).as("the new key alone, on %s", each.name()).hasSize(1);
      Path work = each.directory().resolveSibling("commands");
      String place = each.directory().toString();
      HoldfastCommand verified = HoldfastCommand.run(work, List.of("journal", "verify", place));
      assertThat(verified.exitCode()).as(verified.errors()).isZero();
      HoldfastCommand shown =
          HoldfastCommand.run(work, List.of("journal", "show", place, "--count", "1000", "--json"));
      assertThat(shown.output()).contains("destruction", "\"" + period + "\"");
    }
  }

  private static boolean hasNewKey(NodeProcess node) {
    for (JsonNode key : new AdminClient(node.address().admin()).detailsKeys(WITHIN).path("keys")) {
      if (key.path("state").asText().equals("alive") && key.path("held").booleanValue()) {
        return true;
      }
    }
    return false;
  }

  private static Transfer payment(long id) {
    return Transfer.payment(UInt128.of(id), UInt128.of(1), UInt128.of(2), 5, 978, 1);
  }

  private static TransferWithDetails look(BlockingClient client, long id) {
    return client.transfer(UInt128.of(id)).orElseThrow();
  }

  private static HoldfastCommand details(NodeProcess node, String... words)
      throws IOException, InterruptedException {
    List<String> arguments =
        Stream.of(
                Stream.of("details"),
                Stream.of(words),
                Stream.of("--admin", node.address().admin().toString()))
            .flatMap(part -> part)
            .toList();
    return HoldfastCommand.run(node.directory().resolveSibling("commands"), arguments);
  }

  private static List<Path> keyFiles(NodeProcess node) throws IOException {
    try (Stream<Path> files = Files.list(node.directory().resolve("keys").resolve("details"))) {
      return files.toList();
    }
  }
}
