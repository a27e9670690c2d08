package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.drill.Deadline;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.PaymentLoad;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two of three nodes lost their disks, and someone brings back the directories that init made. */
class WipedMajorityTest {
  /** Elections take less than a second. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(6);

  private final RunningSite site = RunningSite.prepared("wiped-majority", 3);

  @AfterEach
  void killAll() {
    site.close();
  }

  @Test
  void two_wiped_nodes_elect_no_empty_ledger_and_the_third_serves_no_writes_alone() {
    NodeProcess survivor = site.nodes().getFirst();
    List<NodeProcess> wiped = site.nodes().subList(1, 3);
    Path kept = site.site().directory().resolve("kept");
    RunningSite.copyTree(site.site().directory(), kept);
    site.startAll();
    try (PaymentLoad load =
        site.clientLoad(RunningSite.modest(Seeds.next("wiped")).withDeadline(LONG_ENOUGH))) {
      load.start();
      load.awaitAcknowledged(200, RunningSite.RESUMED);
      load.stop();
    }
    site.awaitWhole();
    long op = site.probe().view(survivor).orElseThrow().op();
    site.site().killAll();
    for (NodeProcess node : wiped) {
      RunningSite.deleteTree(node.directory());
      RunningSite.copyTree(kept.resolve(node.name()), node.directory());
      site.site().restart(node);
    }
    Deadline.await(
        "both wiped nodes answer",
        RunningSite.READY,
        () -> wiped.stream().allMatch(node -> site.probe().view(node).isPresent()));
    boolean elected =
        Deadline.in(LONG_ENOUGH)
            .holds(
                () ->
                    wiped.stream()
                        .anyMatch(
                            node ->
                                site.probe()
                                    .view(node)
                                    .map(v -> !v.leader().isEmpty())
                                    .orElse(false)));
    assertThat(elected).as("two wiped nodes elected an empty ledger").isFalse();

    site.site().restart(survivor);
    for (NodeProcess node : wiped) {
      assertThat(node.waitGone(RunningSite.READY)).as("%s is refused", node.name()).isTrue();
      assertThat(node.exitValue().orElse(0)).isEqualTo(3);
      assertThat(node.output())
          .content()
          .contains("lost-disk", "holdfast node replace " + node.name());
    }
    assertThat(
            Deadline.in(LONG_ENOUGH)
                .holds(
                    () ->
                        site.probe().view(survivor).map(v -> !v.leader().isEmpty()).orElse(false)))
        .as("the survivor leads alone")
        .isFalse();
    assertThat(site.probe().view(survivor).orElseThrow().op()).isEqualTo(op);
  }
}
