package io.holdfast.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cluster.SiteView;
import io.holdfast.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DutyTest {
  /** Members as {@code name:role:op}, and {@code :declined} of those that do, seen by n1. */
  private static SiteView view(String members) {
    List<SiteView.Peer> peers = new ArrayList<>();
    String leader = null;
    for (String member : members.split(" ", -1)) {
      String[] parts = member.split(":", -1);
      peers.add(
          new SiteView.Peer(
              parts[0], "", parts[1], Long.parseLong(parts[2]), 0, 0, declined(parts)));
      leader = parts[1].equals("leader") ? parts[0] : leader;
    }
    return new SiteView("", "main", "n1", "", leader, true, 1, 0, 0, 0, peers, List.of());
  }

  private static List<String> declined(String[] parts) {
    return parts.length > 3 ? List.of("other", parts[3]) : List.of();
  }

  @ParameterizedTest
  @CsvSource({
    "n1:leader:9 n2:follower:9 n3:follower:9, n2",
    "n1:follower:9 n2:leader:9 n3:follower:9, n1",
    "n1:leader:9 n2:unreachable:9 n3:follower:9, n3",
    "n1:leader:9 n2:joining:9 n3:starting:9, n1",
    "n1:leader:9, n1",
    "n1:leader:2000 n2:follower:999 n3:follower:1000, n3",
    "n1:leader:2000 n2:follower:5 n3:follower:6, n1",
    "n1:candidate:9 n2:unreachable:9, ''",
    "n1:follower:9:main n2:leader:9 n3:follower:9, n3",
    "n1:follower:9:far n2:leader:9 n3:follower:9, n1",
    "n1:follower:9:main n2:leader:9 n3:follower:9:main, n2",
    "n1:follower:9:main n2:leader:9:main n3:follower:9:main, n1",
    "n1:leader:9:main, n1",
    "n3:follower:9 n10:follower:9 n1:leader:9, n10",
  })
  void the_work_is_done_by(String members, String node) {
    assertThat(Duty.of(view(members), "main").orElse("")).isEqualTo(node);
  }

  @Test
  void the_duty_is_taken_over_after_a_while_and_let_go_when_the_other_has_begun() {
    ManualClock clock = new ManualClock();
    String[] members = {"n1:follower:9 n2:leader:9"};
    DutyWatch watch = new DutyWatch(() -> view(members[0]), "main", clock);
    assertThat(watch.isMine()).as("just seen").isFalse();
    assertThat(watch.node()).isEqualTo("n1");
    clock.advance(DutyWatch.TAKEN_AFTER);
    assertThat(watch.isMine()).isTrue();
    members[0] = "n1:leader:9 n2:follower:9";
    clock.advance(Duration.ofMillis(300));
    assertThat(watch.isMine()).as("the other one has not begun").isTrue();
    assertThat(watch.node()).isEqualTo("n2");
    clock.advance(DutyWatch.LET_GO_AFTER);
    assertThat(watch.isMine()).isFalse();
    members[0] = "n1:follower:9 n2:leader:9";
    clock.advance(Duration.ofMillis(300));
    assertThat(watch.isMine()).isFalse();
  }

  @Test
  void an_election_does_not_interrupt_the_work() {
    ManualClock clock = new ManualClock();
    String[] members = {"n1:follower:9 n2:leader:9"};
    DutyWatch watch = new DutyWatch(() -> view(members[0]), "main", clock);
    assertThat(watch.isMine()).isFalse();
    clock.advance(DutyWatch.TAKEN_AFTER);
    assertThat(watch.isMine()).isTrue();
    for (int i = 0; i < 5; i++) {
      members[0] = "n1:candidate:9 n2:unreachable:9";
      clock.advance(Duration.ofMillis(500));
      assertThat(watch.isMine()).as("nobody leads").isTrue();
      members[0] = "n1:follower:9 n2:leader:9";
      clock.advance(Duration.ofMillis(500));
      assertThat(watch.isMine()).isTrue();
    }
  }
}
