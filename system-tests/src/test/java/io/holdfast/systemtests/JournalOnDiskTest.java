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

/** What nodes leave in their journals, looked at with the command that a person would use. */
class JournalOnDiskTest {
  private static final Duration RESUMED = RunningSite.RESUMED;

  private final RunningSite site = RunningSite.prepared("journal", 3);

  @BeforeEach
  void start() {
    site.startAll();
  }

  @AfterEach
  void killAll() {
    site.close();
  }

  @Test
  void the_journals_of_all_nodes_are_whole_and_equal_after_kills_and_a_flipped_bit_is_found()
      throws Exception {
    long seed = Seeds.next("journal");
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(seed))) {
      load.start();
      load.awaitAcknowledged(300, RESUMED);
      NodeProcess killed = site.leader();
      killed.kill9();
      load.awaitAcknowledged(200, RESUMED);
      site.site().restart(killed);
      load.awaitAcknowledged(200, RESUMED);
      site.awaitWhole();
      load.stop();
      site.prove(load);
      site.site().stop();

      NodeProcess node = site.nodes().getFirst();
      for (NodeProcess each : site.nodes()) {
        HoldfastCommand verified = journal("verify", each);
        assertThat(verified.exitCode()).as(verified.errors()).isZero();
        assertThat(verified.output()).contains("whole; chain after op");
        assertThat(segmentBytes(each))
            .as("journal of %s", each.name())
            .isEqualTo(segmentBytes(node));
      }
      assertThat(journal("show", node, "--op", "2", "--events").output()).contains("created");
      assertThat(journal("stat", node).output()).contains("1 segment, ");

      Path file = segments(node).getFirst();
      long at = Files.size(file) / 2;
      StoredBits.flip(file, at);
      HoldfastCommand damaged = journal("verify", node);
      assertThat(damaged.exitCode()).isEqualTo(7);
      assertThat(damaged.errors()).contains("journal-damaged", file.getFileName().toString());
      site.site().restart(node);
      assertThat(node.waitGone(RunningSite.READY)).as("the node refuses to start").isTrue();
      assertThat(node.exitValue().orElse(0)).isEqualTo(6);
      assertThat(node.output())
          .content()
          .contains("journal-damaged")
          .containsPattern("at byte \\d+");

      StoredBits.flip(file, at);
      site.startAll();
      site.prove(load);
    }
  }

  private static HoldfastCommand journal(String what, NodeProcess node, String... options)
      throws IOException, InterruptedException {
    List<String> arguments =
        Stream.concat(Stream.of("journal", what, node.directory().toString()), Stream.of(options))
            .toList();
    return HoldfastCommand.run(node.directory().resolveSibling("commands"), arguments);
  }

  private static List<Path> segments(NodeProcess node) throws IOException {
    try (Stream<Path> files = Files.list(node.directory().resolve("journal"))) {
      return files.sorted().toList();
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
}
