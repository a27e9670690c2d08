package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.journal.Recovery;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CoveredPointsTest {
  private static final UUID GROUP = new UUID(1, 2);
  private static final int MARGIN = 2;
  private static final long ALL_ON_DISK = 1_000;

  private final CoveredPoints points = new CoveredPoints(GROUP, null, MARGIN);

  private static Recovery.Point point(long op) {
    return new Recovery.Point(op, GROUP, 3, op + 5);
  }

  private void complete(long... ops) {
    for (long op : ops) {
      points.complete(op, 3, op + 5);
    }
  }

  @Test
  void the_newest_generations_stay_in_the_log_for_nodes_that_were_down() {
    complete(10, 20);
    assertThat(points.advance(ALL_ON_DISK)).isFalse();
    assertThat(points.covered()).isNull();

    complete(30);
    assertThat(points.advance(ALL_ON_DISK)).isTrue();
    assertThat(points.covered()).isEqualTo(point(10));

    complete(40, 50);
    assertThat(points.advance(ALL_ON_DISK)).isTrue();
    assertThat(points.covered()).isEqualTo(point(30));
    assertThat(points.advance(ALL_ON_DISK)).as("nothing new").isFalse();
  }

  @Test
  void nothing_is_cut_off_that_the_journal_does_not_have_on_disk() {
    complete(10, 20, 30, 40, 50);
    assertThat(points.advance(9)).isFalse();
    assertThat(points.covered()).isNull();

    assertThat(points.advance(10)).isTrue();
    assertThat(points.covered()).isEqualTo(point(10));
    assertThat(points.advance(29)).isTrue();
    assertThat(points.covered()).isEqualTo(point(20));
    assertThat(points.advance(ALL_ON_DISK)).isTrue();
    assertThat(points.covered()).as("less the margin").isEqualTo(point(30));
  }

  @Test
  void a_start_goes_on_from_a_point_of_its_own_group_and_from_no_other() {
    assertThat(new CoveredPoints(GROUP, point(10), MARGIN).covered()).isEqualTo(point(10));
    Recovery.Point ofEarlier = new Recovery.Point(10, new UUID(7, 7), 3, 15);
    assertThat(new CoveredPoints(GROUP, ofEarlier, MARGIN).covered()).isNull();
  }
}
