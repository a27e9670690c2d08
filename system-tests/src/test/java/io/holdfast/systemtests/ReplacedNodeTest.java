package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.PaymentLoad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that lost its disk while the site is paid on. */
class ReplacedNodeTest {
  private static final Duration RESUMED = RunningSite.RESUMED;

  private final RunningSite site = RunningSite.prepared("replaced", 3);

  @BeforeEach
  void start() {
    site.startAll();
  }

  @AfterEach
  void killAll() {
    site.close();
  }

  @Test
  void a_wiped_node_is_replaced_under_load_and_its_successor_counts_at_once() throws Exception {
    long seed = Seeds.next("replaced");
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(seed))) {
      load.start();
      load.awaitAcknowledged(300, RESUMED);
      NodeProcess wiped = site.follower();
      wiped.kill9();
      RunningSite.deleteTree(wiped.directory());
      load.awaitAcknowledged(100, RESUMED);

      site.nodeCommand("replace", wiped.name(), "--no-start");
      NodeProcess fresh = site.site().node(wiped.name() + "-2");
      long began = System.nanoTime();
      site.site().restart(fresh);
      site.probe().awaitCaughtUp(fresh, RunningSite.READY);
      Printed.line(
          "a wiped node was back after %d ms".formatted((System.nanoTime() - began) / 1_000_000));
      assertThat(site.members()).contains(fresh.name()).doesNotContain(wiped.name()).hasSize(3);

      NodeProcess leader = site.leader();
      leader.kill9();
      load.awaitAcknowledged(200, RESUMED); // the other old one and the new one are a majority
      site.site().restart(leader);
      site.awaitWhole();
      fresh.kill9();
      site.site().restart(fresh);
      load.awaitAcknowledged(100, RESUMED);
      site.awaitWhole();
      site.prove(load);
      assertThat(fresh.directory().resolve("join.json")).doesNotExist();

      site.site().stop();
      List<String> journal = segmentBytes(leader);
      for (NodeProcess node : site.nodes()) {
        assertThat(segmentBytes(node)).as("journal of %s", node.name()).isEqualTo(journal);
      }
    }
  }

  private static List<String> segmentBytes(NodeProcess node) throws Exception {
    List<String> digests = new ArrayList<>();
    for (Path file : segments(node)) {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      digests.add(file.getFileName() + " " + HexFormat.of().formatHex(digest));
    }
    return digests;
  }

  private static List<Path> segments(NodeProcess node) throws IOException {
    try (Stream<Path> files = Files.list(node.directory().resolve("journal"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
