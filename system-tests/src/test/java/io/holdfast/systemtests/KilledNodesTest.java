package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.PaymentLoad;
import io.holdfast.drill.Proof;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** kill -9 at random moments, while clients pay and write down what they were told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledNodesTest {
  private static final int ROUNDS = Integer.getInteger("holdfast.rounds", 5);
  private static final Duration RESUMED = RunningSite.RESUMED;

  private final RunningSite site = RunningSite.prepared("killed", 3);

  @BeforeEach
  void haveAllRun() {
    site.awaitWhole();
  }

  @AfterAll
  void killAll() {
    site.close();
  }

  @Test
  void every_acknowledged_payment_survives_nodes_killed_at_random() {
    long seed = Seeds.next("killed nodes");
    Random random = new Random(seed);
    for (int round = 1; round <= ROUNDS; round++) {
      try (PaymentLoad load = site.clientLoad(RunningSite.modest(seed + round))) {
        load.start();
        load.awaitAcknowledged(50 + random.nextInt(400), RESUMED);
        NodeProcess victim =
            random.nextInt(3) > 0
                ? site.leader()
                : site.nodes().get(random.nextInt(site.nodes().size()));
        victim.kill9();
        if (random.nextBoolean()) { // paid at while it is down, or at once again
          load.awaitAcknowledged(50 + random.nextInt(300), RESUMED);
        }
        site.site().restart(victim);
        load.awaitAcknowledged(50 + random.nextInt(300), RESUMED);
        site.awaitWhole();
        Proof proof = site.prove(load);
        Printed.line(
            "round %d: %s killed, %d acknowledged, %d unknown, none lost"
                .formatted(
                    round,
                    victim.name(),
                    proof.verdict().acknowledged(),
                    proof.verdict().unknown()));
      }
    }
  }

  @Test
  void a_site_whose_nodes_are_all_killed_at_once_comes_back_with_every_acknowledged_payment() {
    long seed = Seeds.next("all killed");
    try (PaymentLoad load = site.restLoad(RunningSite.modest(seed))) {
      load.start();
      load.awaitAcknowledged(300, RESUMED);
      site.site().killAll();
      assertThat(site.nodes()).noneMatch(NodeProcess::isAlive);
      long down = System.nanoTime();
      site.startAll();
      Printed.line("all three back after %d ms".formatted((System.nanoTime() - down) / 1_000_000));
      load.awaitAcknowledged(300, RESUMED);
      site.awaitWhole();
      site.prove(load);
    }
  }

  @Test
  void a_site_that_was_stopped_in_good_order_comes_back_whole() {
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(1))) {
      load.start();
      load.awaitAcknowledged(300, RESUMED);
      load.stop();
      site.site().stop();
      assertThat(site.nodes().stream().map(node -> node.exitValue().orElse(-1)).toList())
          .as("exit codes after SIGTERM")
          .isEqualTo(List.of(0, 0, 0));
      site.startAll();
      site.prove(load);
    }
  }
}
