package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.drill.AdminClient;
import io.holdfast.drill.Deadline;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.OutageMeter;
import io.holdfast.drill.PaymentLoad;
import io.holdfast.drill.Proof;
import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Planned leader changes, and what a site costs that nobody uses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandOverTest {
  private static final Duration RESUMED = RunningSite.RESUMED;
  private static final int CHANGES = 3;

  /** The aim is 0.1; a busy machine that runs tests measures coarsely. */
  private static final double RESTING_CORES_MAX = 0.25;

  private final RunningSite site = RunningSite.prepared("hand-over", 3);

  @BeforeEach
  void haveAllRun() {
    site.awaitWhole();
  }

  @AfterAll
  void killAll() {
    site.close();
  }

  @Test
  void a_planned_leader_change_shows_no_error_to_any_client() {
    long seed = Seeds.next("hand-over");
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(seed))) {
      load.start();
      for (int i = 0; i < CHANGES; i++) {
        load.awaitAcknowledged(200, RESUMED);
        NodeProcess former = site.leader();
        NodeProcess next = i % 2 == 0 ? site.follower() : former;
        long from = System.nanoTime();
        AdminClient.HandOver done =
            new AdminClient(former.address().admin())
                .handOver(next == former ? null : next.name(), RunningSite.HAND_OVER);
        assertThat(done.leader()).isNotEqualTo(former.name());
        if (next != former) {
          assertThat(done.leader()).isEqualTo(next.name());
        }
        load.awaitAcknowledged(100, RESUMED);
        long until = System.nanoTime();
        Printed.line(
            "planned leader change: %d ms by its own account, acting within %d ms"
                .formatted(done.tookMs(), (until - from) / 1_000_000));
      }
      Proof proof = site.prove(load);
      OutageMeter meter = new OutageMeter(load);
      Printed.line(
          "longest time without an answer over %d changes: %.0f ms"
              .formatted(
                  CHANGES, meter.clientOutageMillis(load.startedNanos(), load.stoppedNanos())));

      assertThat(proof.verdict().unknown()).as("payments without an outcome").isZero();
      assertThat(proof.verdict().notTaken()).as("payments not taken").isZero();
    }
  }

  @Test
  void a_leader_that_is_stopped_in_good_order_shows_no_error_to_any_client() {
    long seed = Seeds.next("stopped leader");
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(seed))) {
      load.start();
      load.awaitAcknowledged(300, RESUMED);
      NodeProcess former = site.leader();
      former.stop(RESUMED);
      assertThat(former.exitValue()).hasValue(0);
      load.awaitAcknowledged(200, RESUMED);
      site.awaitWhole();
      Proof proof = site.prove(load);

      assertThat(proof.verdict().unknown() + proof.verdict().notTaken()).isZero();
    }
  }

  @Test
  void a_change_to_a_node_that_hangs_is_given_up_soon_and_payments_go_on() {
    long seed = Seeds.next("hung target");
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(seed))) {
      load.start();
      load.awaitAcknowledged(200, RESUMED);
      NodeProcess leader = site.leader();
      NodeProcess hung = site.follower();
      hung.hang();
      long from = System.nanoTime();
      assertThatThrownBy(
              () ->
                  new AdminClient(leader.address().admin())
                      .handOver(hung.name(), RunningSite.HAND_OVER))
          .isInstanceOfSatisfying(
              HoldfastException.class, e -> assertThat(e.code()).isEqualTo("hand-over-failed"));
      load.awaitAcknowledged(100, RESUMED);
      long until = System.nanoTime();
      hung.resume();
      Proof proof = site.prove(load);
      double gap = new OutageMeter(load).clientOutageMillis(from, until);
      Printed.line("longest time without an answer while the target hung: %.0f ms".formatted(gap));

      assertThat(gap).as("the pause of a change that fails, in ms").isLessThan(5_000);
      assertThat(proof.verdict().unknown()).as("payments without an outcome").isZero();
    }
  }

  @Test
  void a_resting_node_costs_next_to_nothing() {
    site.awaitWhole();
    Deadline calm = Deadline.in(Duration.ofSeconds(40)); // what was started is compiled first
    double most = mostCoresUsed();
    while (most >= RESTING_CORES_MAX && !calm.passed()) {
      most = mostCoresUsed();
    }
    Printed.line("a resting node uses at most %.3f cores".formatted(most));
    assertThat(most).isLessThan(RESTING_CORES_MAX);
  }

  /** What the busiest node used over a few seconds. */
  private double mostCoresUsed() {
    long[] before = site.nodes().stream().mapToLong(NodeProcess::cpuMillis).toArray();
    long from = System.nanoTime();
    Deadline.letPass(Duration.ofSeconds(4));
    double millis = (System.nanoTime() - from) / 1e6;
    double most = 0;
    for (int i = 0; i < before.length; i++) {
      most = Math.max(most, (site.nodes().get(i).cpuMillis() - before[i]) / millis);
    }
    return most;
  }
}
