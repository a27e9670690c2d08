package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.drill.Deadline;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.PaymentLoad;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two of three nodes are lost for good, and two operators let the site go on from the third. */
class RecoveredSiteTest {
  private static final Duration RESUMED = RunningSite.RESUMED;

  private final RunningSite site = RunningSite.prepared("recovered", 3);
  private final Path work = site.site().directory().resolve("ceremony");

  @BeforeEach
  void start() {
    site.startAll();
  }

  @AfterEach
  void killAll() {
    site.close();
  }

  @Test
  void a_site_goes_on_from_its_last_node_and_no_acknowledged_payment_is_lost() throws Exception {
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(Seeds.next("recovered")))) {
      load.start();
      load.awaitAcknowledged(200, RESUMED);
      List<NodeProcess> lost = changeMembers();
      NodeProcess survivor = site.leader();
      load.awaitAcknowledged(200, RESUMED);
      lost.forEach(NodeProcess::kill9);
      survivor.kill9();
      Path kept = work.resolveSibling("kept");
      RunningSite.copyTree(lost.getFirst().directory(), kept);
      for (NodeProcess node : lost) {
        RunningSite.deleteTree(node.directory());
        site.site().forget(node.name());
      }

      recover(survivor);
      site.site().restart(survivor);
      Deadline.await("it leads", RESUMED, () -> site.leader() == survivor);
      assertThat(site.members()).containsExactly(survivor.name());
      turnedAway(lost.getFirst(), kept); // before a new node gets its port
      load.awaitAcknowledged(200, RESUMED);

      for (String name : List.of("n5", "n6")) {
        site.nodeCommand("add", name, "--no-start");
        NodeProcess added = site.site().node(name);
        site.site().restart(added);
        site.probe().awaitCaughtUp(added, RunningSite.READY);
      }
      assertThat(site.members()).containsExactlyInAnyOrder(survivor.name(), "n5", "n6");
      load.awaitAcknowledged(200, RESUMED);

      for (NodeProcess node : site.nodes()) {
        node.kill9();
        site.site().restart(node); // each finds the new incarnation's log, journal and members
        site.probe().awaitCaughtUp(node, RunningSite.READY);
      }
      site.prove(load);
    }
  }

  /** Adds a node and removes one, under load; returns the two that are to be lost. */
  private List<NodeProcess> changeMembers() throws IOException, InterruptedException {
    List<NodeProcess> first = site.nodes();
    site.nodeCommand("add", "n4", "--no-start");
    NodeProcess added = site.site().node("n4");
    site.site().restart(added);
    site.probe().awaitCaughtUp(added, RunningSite.READY);
    site.makeLeader(first.getFirst());
    site.nodeCommand("remove", first.getLast().name());
    assertThat(site.members()).containsExactlyInAnyOrder(first.get(0).name(), "n2", "n4");
    site.makeLeader(first.getFirst());
    return List.of(first.get(1), added);
  }

  private void recover(NodeProcess survivor) throws IOException, InterruptedException {
    String home = survivor.directory().toString();
    run(0, "key", "--name", "zoe", "--out", "zoe.key");
    run(0, "key", "--name", "max", "--out", "max.key");
    assertThat(run(0, "inspect", home)).contains(survivor.name(), "with log");
    run(0, "propose", home, "--reason", "two disks burnt", "--out", "p.json");
    run(0, "sign", "p.json", "--key", "zoe.key");
    String[] apply = {"apply", "p.json", home, "--trust", "zoe.key.pub", "--trust", "max.key.pub"};
    run(1, apply);
    run(0, "sign", "p.json", "--key", "max.key");
    String begun = run(0, apply);
    assertThat(begun).contains(survivor.name() + " begins incarnation");
    assertThat(run(0, apply)).as("done twice").isEqualTo(begun);
    HoldfastCommand log =
        HoldfastCommand.run(work, List.of("log", "show", home, "--kind", "operator-act"));
    assertThat(log.output()).contains("recover-apply", "max, zoe", "two disks burnt");
  }

  private String run(int exitCode, String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("recover"));
    all.addAll(List.of(arguments));
    HoldfastCommand done = HoldfastCommand.run(work, all);
    Printed.line("recover " + List.of(arguments) + ":\n" + done.output() + done.errors());
    assertThat(done.exitCode()).as(done.output() + done.errors()).isEqualTo(exitCode);
    return done.output();
  }

  /** A node that comes back after all, with data of the old incarnation. */
  private void turnedAway(NodeProcess old, Path kept) {
    RunningSite.copyTree(kept, old.directory());
    old.start();
    assertThat(old.waitGone(RunningSite.READY)).as("it does not stay").isTrue();
    assertThat(old.exitValue().orElse(0)).isEqualTo(3);
    assertThat(old.output()).content().contains("node-removed");
  }
}
