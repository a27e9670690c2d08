package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.drill.AdminClient;
import io.holdfast.drill.Deadline;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.PaymentLoad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bits that a disk flips are found and mended from the other nodes, while payments go on. */
class ScrubTest {
  /** So that a minute of payments makes many files. */
  private static final String SETTINGS = "\njournal:\n  segment-bytes: 64KiB\n";

  private final RunningSite site = RunningSite.prepared("scrub", 3);

  @BeforeEach
  void start() throws IOException {
    for (NodeProcess node : site.nodes()) {
      Files.writeString(
          node.directory().resolve("holdfast.yaml"), SETTINGS, StandardOpenOption.APPEND);
    }
    site.startAll();
  }

  @AfterEach
  void killAll() {
    site.close();
  }

  @Test
  void a_segment_of_a_running_node_is_mended_and_payments_go_on() throws Exception {
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(Seeds.next("scrub")))) {
      load.start();
      NodeProcess node = site.follower();
      load.awaitAcknowledged(300, RunningSite.RESUMED);
      Deadline.await("sealed segments", RunningSite.READY, () -> segments(node).size() > 3);
      Path damaged = segments(node).get(1);
      byte[] good = Files.readAllBytes(damaged);
      StoredBits.flip(damaged, good.length / 2);

      HoldfastCommand scrubbed = scrub("now", "--wait", "--node", node.name());

      assertThat(scrubbed.exitCode()).as(scrubbed.errors()).isZero();
      assertThat(scrubbed.output()).contains("mended journal/" + damaged.getFileName(), "byte ");
      assertThat(Files.readAllBytes(damaged)).isEqualTo(good);
      assertThat(node.directory().resolve("journal/damaged").resolve(damaged.getFileName()))
          .exists();
      load.awaitAcknowledged(100, RunningSite.RESUMED);

      Path first = segments(node).getFirst();
      for (NodeProcess each : site.nodes()) {
        StoredBits.flip(each.directory().resolve("journal").resolve(first.getFileName()), 3_000);
      }
      HoldfastCommand without = scrub("now", "--wait", "--json");
      assertThat(without.exitCode())
          .as("no node has a good copy: %s", without.output())
          .isEqualTo(7);
      assertThat(without.output()).contains("no other node gave a good copy");
      assertThat(status(node)).contains("damaged-file: journal/" + first.getFileName());
      load.awaitAcknowledged(100, RunningSite.RESUMED);
      StoredBits.flip(first, 3_000); // one good copy is enough for all of them
      HoldfastCommand after = scrub("now", "--wait");
      assertThat(after.exitCode()).as(after.output()).isZero();
      assertThat(status(node)).doesNotContain("damaged-file");

      site.awaitWhole();
      load.stop();
      site.prove(load);
      startsMended(node, segments(node).get(2));
      site.prove(load);
      site.site().stop();
      assertEqualJournals();
    }
  }

  /** A stopped node with a segment that it can't start with. */
  private void startsMended(NodeProcess node, Path segment) throws Exception {
    node.kill9();
    StoredBits.flip(segment, Files.size(segment) - 20);
    site.site().restart(node);
    site.awaitWhole();
    assertThat(Files.readString(node.output())).contains("mended " + segment.getFileName());
  }

  private void assertEqualJournals() throws IOException {
    NodeProcess first = site.nodes().getFirst();
    assertThat(segments(first)).hasSizeGreaterThan(3);
    for (NodeProcess each : site.nodes()) {
      List<Path> files = segments(each);
      assertThat(files).hasSameSizeAs(segments(first));
      for (int i = 0; i < files.size(); i++) {
        assertThat(Files.readAllBytes(files.get(i)))
            .as("%s", files.get(i))
            .isEqualTo(Files.readAllBytes(segments(first).get(i)));
      }
    }
  }

  private HoldfastCommand scrub(String what, String... options)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("scrub", what));
    arguments.addAll(List.of("--dir", site.site().directory().toString()));
    arguments.addAll(List.of(options));
    return HoldfastCommand.run(site.site().directory().resolve("commands"), arguments);
  }

  private static String status(NodeProcess node) {
    return new AdminClient(node.address().admin()).status(RunningSite.SOON).toString();
  }

  private static List<Path> segments(NodeProcess node) {
    try (Stream<Path> files = Files.list(node.directory().resolve("journal"))) {
      return files.filter(file -> file.toString().endsWith(".segment")).sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
