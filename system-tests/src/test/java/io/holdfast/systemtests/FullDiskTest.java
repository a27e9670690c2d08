package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.OutageMeter;
import io.holdfast.drill.PaymentLoad;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A node whose disk is full stops itself, says why, and is missed by nobody. The small disk is a
 * tmpfs that only the node sees, in a user and mount namespace of its own.
 */
class FullDiskTest {
  private static final Duration RESUMED = RunningSite.RESUMED;
  private static final int DISK_MIB = 24;
  private static final int REQUESTS_MAX = 3 * DISK_MIB;

  private final RunningSite site = RunningSite.prepared("full-disk", 3);

  @AfterEach
  void killAll() {
    site.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"follower", "leader"})
  void a_node_whose_disk_is_full_stops_itself_and_the_others_go_on(String role) throws Exception {
    NodeProcess cramped = site.nodes().getFirst();
    cramped.launch(
        cramped
            .launch()
            .withWrapper(SmallDisk.over(cramped.directory().resolve("raft"), DISK_MIB * 1024)));
    site.startAll();
    makeIt(role, cramped);
    long seed = Seeds.next("full disk of the " + role);
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(seed))) {
      load.start();
      load.awaitAcknowledged(100, RESUMED);
      BulkPayer bulk = new BulkPayer(site.client());
      for (int i = 0; cramped.isAlive() && i < REQUESTS_MAX; i++) {
        bulk.payOnce();
      }
      assertThat(cramped.waitGone(RESUMED)).as("%s stopped itself", cramped.name()).isTrue();
      long from = System.nanoTime();
      assertThat(cramped.exitValue().orElse(0)).isNotZero();
      assertThat(cramped.output()).content().contains("disk-full");

      load.awaitAcknowledged(200, RESUMED);
      load.stop();
      Printed.line(
          "disk full on the %s: exit code %d, outage as a client saw it around its end %.0f ms"
              .formatted(
                  role,
                  cramped.exitValue().orElse(0),
                  new OutageMeter(load)
                      .clientOutageMillis(from - 2_000_000_000L, from + 2_000_000_000L)));
      bulk.assertNothingLost();
      site.prove(load);
    }
  }

  private void makeIt(String role, NodeProcess cramped) {
    if (role.equals("leader")) {
      site.makeLeader(cramped);
    } else if (site.leader() == cramped) {
      site.makeLeader(site.follower());
    }
    assertThat(site.leader() == cramped).isEqualTo(role.equals("leader"));
  }
}
