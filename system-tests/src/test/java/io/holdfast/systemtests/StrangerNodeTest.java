package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.drill.Deadline;
import io.holdfast.drill.LocalSite;
import io.holdfast.drill.NodeAddress;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.PaymentLoad;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that does not belong to the site is refused, in words, and learns nothing. */
class StrangerNodeTest {
  private static final Duration RESUMED = RunningSite.RESUMED;

  private final RunningSite site = RunningSite.prepared("stranger", 3);
  private final NodeProcess stranger = site.nodes().getLast();
  private Path foreign = Path.of("");

  @BeforeEach
  void startTheOthers() {
    List<NodeAddress> same = site.nodes().stream().map(NodeProcess::address).toList();
    Path directory = site.site().directory().resolve("another-site");
    foreign = LocalSite.init(directory, "test", same, TestLaunch.launch()).directory();
    Path kept = site.site().directory().resolve("kept");
    RunningSite.copyTree(stranger.directory(), kept);
    site.startAll(); // a site's first start needs all its members
    stranger.kill9();
    RunningSite.deleteTree(stranger.directory());
    RunningSite.copyTree(kept, stranger.directory());
  }

  @AfterEach
  void killAll() {
    site.close();
  }

  @Test
  void a_node_with_a_foreign_certificate_is_refused() {
    for (String file : List.of("ca.crt", "node.crt", "node.key")) {
      take("keys/" + file);
    }
    isKeptOut("certificate", "certificate-wrong-node", "peer-untrusted", "peer-other-ledger");
  }

  @Test
  void a_node_with_a_foreign_data_key_is_refused() {
    take("keys/data.key");
    isKeptOut("data key", "wrong-data-key");
  }

  @Test
  void a_node_of_another_ledger_is_refused() {
    for (String file : List.of("ca.crt", "node.crt", "node.key", "data.key")) {
      take("keys/" + file);
    }
    take("genesis.json");
    isKeptOut("ledger", "peer-untrusted", "peer-other-ledger", "wrong-ledger");
  }

  @Test
  void a_node_without_its_genesis_file_is_refused() throws IOException {
    Files.delete(stranger.directory().resolve("genesis.json"));
    site.site().restart(stranger);
    assertThat(stranger.waitGone(RunningSite.READY)).isTrue();
    assertThat(stranger.exitValue().orElse(0)).isNotZero();
    assertThat(stranger.output()).content().contains("genesis");
  }

  /** The others pay on without it, and somebody says why: the node itself, or those it met. */
  private void isKeptOut(String what, String... codes) {
    site.site().restart(stranger);
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(Seeds.next("stranger")))) {
      load.start();
      load.awaitAcknowledged(200, RESUMED);
      Deadline.await(
          "a refusal for its " + what + " in words",
          RunningSite.SOON,
          () ->
              site.nodes().stream()
                  .map(StrangerNodeTest::output)
                  .anyMatch(text -> Stream.of(codes).anyMatch(text::contains)));
      assertThat(site.probe().view(stranger).map(view -> view.op()).orElse(0L)).isZero();
      stranger.kill9();
      site.prove(load);
    }
  }

  private void take(String file) {
    try {
      Files.copy(
          foreign.resolve(stranger.name()).resolve(file),
          stranger.directory().resolve(file),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String output(NodeProcess node) {
    try {
      return Files.readString(node.output());
    } catch (IOException e) {
      return "";
    }
  }
}
