package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.drill.AdminClient;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.PaymentLoad;
import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes come and go while the site is paid on. */
class MembersOnLineTest {
  private static final Duration RESUMED = RunningSite.RESUMED;

  private final RunningSite site = RunningSite.prepared("members", 3);

  @BeforeEach
  void start() {
    site.startAll();
  }

  @AfterEach
  void killAll() {
    site.close();
  }

  @Test
  void a_node_is_added_and_the_leader_removed_and_no_payment_is_lost() throws Exception {
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(Seeds.next("members")))) {
      load.start();
      load.awaitAcknowledged(200, RESUMED);
      site.nodeCommand("add", "n4", "--no-start");
      NodeProcess added = site.site().node("n4");
      site.site().restart(added);
      site.probe().awaitCaughtUp(added, RunningSite.READY);
      assertThat(site.members()).containsExactlyInAnyOrder("n1", "n2", "n3", "n4");

      NodeProcess gone = site.leader();
      site.nodeCommand("remove", gone.name());
      assertThat(gone.isAlive()).isFalse();
      assertThat(gone.output()).content().contains("node-removed");
      assertThat(site.members()).hasSize(3).doesNotContain(gone.name());
      load.awaitAcknowledged(200, RESUMED);

      gone.start();
      assertThat(gone.waitGone(RunningSite.READY)).as("it does not come back").isTrue();
      assertThat(gone.exitValue().orElse(0)).isEqualTo(3);
      assertThat(gone.output()).content().contains("node-removed");
      for (NodeProcess node : site.nodes()) {
        node.kill9();
        site.site().restart(node); // they know the members again without being told
        site.probe().awaitCaughtUp(node, RunningSite.READY);
      }
      assertThat(site.members()).hasSize(3).doesNotContain(gone.name());
      site.prove(load);
    }
  }

  @Test
  void a_removal_that_would_leave_no_majority_is_refused() {
    List<NodeProcess> nodes = site.nodes();
    NodeProcess leader = site.leader();
    NodeProcess dead = nodes.stream().filter(node -> node != leader).findFirst().orElseThrow();
    NodeProcess living =
        nodes.stream().filter(node -> node != leader && node != dead).findFirst().orElseThrow();
    dead.kill9();
    AdminClient admin = new AdminClient(leader.address().admin());
    io.holdfast.drill.Deadline.await(
        "its end is noticed",
        RESUMED,
        () ->
            site.probe().view(leader).orElseThrow().incidents().stream()
                .anyMatch(incident -> incident.contains(dead.name())));
    Assertions.assertThatThrownBy(() -> admin.removeNode(living.name(), RunningSite.SOON))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("no-majority-left"));
    assertThat(admin.removeNode(dead.name(), RunningSite.SOON).members()).hasSize(2);
  }
}
