package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.journal.JournalReach;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When the rounds of a fetch end, as sources do this or that. */
class NearEnoughTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** More than any of these needs. */
  private static final int ROUNDS_MAX = 1_000;

  private long now;
  private long tookNanos = SECOND;
  private boolean offersCheckpoint = true;

  private static JournalReach reach(long lastOp, long checkpointOp) {
    return new JournalReach(lastOp, checkpointOp, List.of());
  }

  private Fetch.Round round(long durableOp, int files, int unfinished) {
    return new Fetch.Round(1, durableOp, offersCheckpoint, files, 0, unfinished, List.of());
  }

  private boolean after(NearEnough near, Fetch.Round round, JournalReach reach) {
    now += tookNanos;
    return near.after(round, reach, tookNanos, now);
  }

  @Test
  void a_short_round_that_lacks_nothing_is_the_last_one() {
    NearEnough near = new NearEnough(0);
    assertThat(after(near, round(100, 7, 1), reach(100, 50))).isFalse();
    assertThat(after(near, round(110, 7, 0), reach(110, 50))).isTrue();
  }

  @Test
  void a_long_round_is_followed_by_another_unless_it_brought_nothing() {
    tookNanos = 10 * SECOND;
    NearEnough near = new NearEnough(0);
    assertThat(after(near, round(100, 7, 0), reach(100, 50))).isFalse();
    assertThat(after(near, round(100, 0, 0), reach(100, 50))).isTrue();
  }

  @Test
  void files_that_always_are_to_come_still_do_not_keep_it_going_for_ever() {
    NearEnough near = new NearEnough(0);
    assertThat(roundsUntilEnd(near, 100)).isBetween(NearEnough.ROUNDS_ENOUGH, 40);
  }

  /** Each round finds ops that the one before had not, and some files more that are to come. */
  private int roundsUntilEnd(NearEnough near, long checkpointOp) {
    for (int i = 1; i <= ROUNDS_MAX; i++) {
      long op = 100L * i;
      if (after(near, round(op, 3, 1 + i % 3), reach(op - 50, i == 1 ? 0 : checkpointOp))) {
        return i;
      }
    }
    throw new AssertionError("it never ends");
  }

  @Test
  void what_becomes_less_from_round_to_round_is_waited_for() {
    NearEnough near = new NearEnough(0);
    for (int lacking = 500; lacking > 0; lacking--) {
      assertThat(after(near, round(100, 1, lacking), reach(100, 50))).isFalse();
    }
    assertThat(after(near, round(100, 1, 0), reach(100, 50))).isTrue();
  }

  @Test
  void a_checkpoint_is_waited_for_longer_but_not_for_ever() {
    int with = roundsUntilEnd(new NearEnough(0), 100);
    int without = roundsUntilEnd(new NearEnough(0), 0);
    assertThat(without).isGreaterThan(with).isLessThan(100);
    offersCheckpoint = false;
    assertThat(roundsUntilEnd(new NearEnough(0), 0)).as("nobody has one").isEqualTo(with);
  }

  @Test
  void segments_with_a_gap_before_what_there_was_at_the_beginning_are_never_enough() {
    NearEnough near = new NearEnough(0);
    for (int i = 0; i < ROUNDS_MAX; i++) {
      JournalReach gap = new JournalReach(99, 50, List.of(Path.of("later.segment")));
      assertThat(after(near, round(100 + i, i % 2, i % 3), gap)).isFalse();
    }
    assertThat(after(near, round(2_000, 1, 0), reach(2_000, 50))).isTrue();
  }

  @Test
  void less_than_this_node_had_is_never_enough() {
    NearEnough near = new NearEnough(150);
    for (int i = 0; i < ROUNDS_MAX; i++) {
      assertThat(after(near, round(149, 0, 0), reach(149, 50))).isFalse();
    }
    assertThat(after(near, round(150, 1, 0), reach(150, 50))).isTrue();
  }

  @Test
  void rounds_that_nobody_answers_do_not_count() {
    NearEnough near = new NearEnough(0);
    for (int i = 0; i < ROUNDS_MAX; i++) {
      Fetch.Round silent = new Fetch.Round(0, 0, false, 0, 0, 0, List.of("n1 is silent"));
      assertThat(after(near, silent, reach(0, 0))).isFalse();
    }
  }
}
