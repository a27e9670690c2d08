package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.drill.Deadline;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.PaymentLoad;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What nodes do with checkpoints: they write the same ones, start from them, and cut the log of
 * consensus behind. Generations are small here, so that a few seconds of payments fill many.
 */
class CheckpointsOnDiskTest {
  private static final String SMALL_GENERATIONS = "ledger.generation-events=1024";
  private static final String SHORT_LOG = "consensus.log-generations=16";
  private static final int BULK_REQUESTS = 96;
  private static final int DISK_KIB = 64;

  private final RunningSite site = RunningSite.prepared("checkpoints", 3);

  @AfterEach
  void killAll() {
    site.close();
  }

  private void small(NodeProcess node) {
    node.launch(node.launch().withSettings(SMALL_GENERATIONS, SHORT_LOG));
  }

  @Test
  void nodes_write_equal_checkpoints_start_from_them_and_keep_a_short_log() {
    site.nodes().forEach(this::small);
    site.startAll();
    long seed = Seeds.next("checkpoints");
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(seed))) {
      load.start();
      BulkPayer bulk = new BulkPayer(site.client());
      for (int i = 0; i < BULK_REQUESTS; i++) {
        bulk.payOnce();
      }
      NodeProcess killed = site.leader();
      killed.kill9();
      load.awaitAcknowledged(200, RunningSite.RESUMED);
      site.site().restart(killed);
      site.awaitWhole();
      assertThat(killed.output())
          .content()
          .containsPattern("ledger is at op \\d+: checkpoint of op");
      load.awaitAcknowledged(100, RunningSite.RESUMED);
      load.stop();
      bulk.assertNothingLost();
      site.prove(load);

      Deadline.await(
          "all nodes have a checkpoint in common", RunningSite.SOON, () -> !common().isEmpty());
      for (String name : common()) {
        byte[] first = bytes(checkpoints(site.nodes().getFirst()).resolve(name));
        for (NodeProcess node : site.nodes()) {
          assertThat(Arrays.equals(bytes(checkpoints(node).resolve(name)), first))
              .as("checkpoint %s of %s", name, node.name())
              .isTrue();
        }
      }
      for (NodeProcess node : site.nodes()) {
        assertThat(names(checkpoints(node))).hasSizeLessThanOrEqualTo(3);
        Deadline.await(
            "the log of " + node.name() + " is shorter than its journal",
            RunningSite.SOON,
            () -> size(node.directory().resolve("raft")) * 4 < 3 * size(journal(node)));
      }
    }
  }

  @Test
  void a_node_whose_disk_is_full_during_a_checkpoint_stops_itself_and_comes_back() {
    site.nodes().forEach(this::small);
    NodeProcess cramped = site.nodes().getFirst();
    Path directory = checkpoints(cramped);
    cramped.launch(cramped.launch().withWrapper(SmallDisk.over(directory, DISK_KIB)));
    site.startAll();
    long seed = Seeds.next("disk full during a checkpoint");
    try (PaymentLoad load =
        site.clientLoad(RunningSite.modest(seed).withAccounts(DISK_KIB * 1024 / 128))) {
      load.start();
      BulkPayer bulk = new BulkPayer(site.client());
      for (int i = 0; cramped.isAlive() && i < BULK_REQUESTS; i++) {
        bulk.payOnce();
      }
      assertThat(cramped.waitGone(RunningSite.RESUMED)).isTrue();
      assertThat(cramped.exitValue().orElse(0)).isEqualTo(5);
      assertThat(cramped.output()).content().contains("disk-full", directory.toString());

      load.awaitAcknowledged(200, RunningSite.RESUMED);
      cramped.launch(cramped.launch().withWrapper(List.of()));
      site.site().restart(cramped);
      site.awaitWhole();
      load.stop();
      bulk.assertNothingLost();
      site.prove(load);
    }
  }

  /** Checkpoints that every node has. */
  private Set<String> common() {
    Set<String> common = new HashSet<>(names(checkpoints(site.nodes().getFirst())));
    for (NodeProcess node : site.nodes()) {
      common.retainAll(names(checkpoints(node)));
    }
    common.removeIf(name -> !name.endsWith(".checkpoint"));
    return common;
  }

  private static Path checkpoints(NodeProcess node) {
    return node.directory().resolve("checkpoints");
  }

  private static Path journal(NodeProcess node) {
    return node.directory().resolve("journal");
  }

  private static List<String> names(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
