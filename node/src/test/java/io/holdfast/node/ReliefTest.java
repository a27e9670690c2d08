package io.holdfast.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReliefTest {
  private final ManualClock clock = new ManualClock();
  private final Relief relief = new Relief(3, clock);

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      relief.failed();
    }
  }

  @Test
  void work_that_fails_again_and_again_is_left_to_others() {
    fail(2);
    assertThat(relief.wanted()).isFalse();
    relief.worked();
    fail(2);
    assertThat(relief.wanted()).as("not in a row").isFalse();
    fail(1);
    assertThat(relief.wanted()).isTrue();
  }

  @Test
  void after_a_minute_it_may_be_tried_and_then_twice_as_long_each_time_that_it_fails() {
    fail(3);
    for (int minutes : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      clock.advance(Duration.ofMinutes(minutes).minusNanos(1));
      assertThat(relief.mayTry()).as("before %d minutes", minutes).isFalse();
      relief.tried(true);
      assertThat(relief.wanted()).as("too early to count").isTrue();
      clock.advance(Duration.ofNanos(1));
      assertThat(relief.mayTry()).as("after %d minutes", minutes).isTrue();
      relief.tried(false);
    }
  }

  @Test
  void one_that_can_do_it_again_is_relieved_at_its_next_failure_and_for_longer() {
    fail(3);
    clock.advance(Duration.ofMinutes(1));
    relief.tried(true);
    assertThat(relief.wanted()).isFalse();
    fail(1);
    assertThat(relief.wanted()).isTrue();
    clock.advance(Duration.ofMinutes(1));
    assertThat(relief.mayTry()).isFalse();
    clock.advance(Duration.ofMinutes(1));
    assertThat(relief.mayTry()).isTrue();
    relief.tried(true);
    relief.worked();
    fail(2);
    assertThat(relief.wanted()).as("as if nothing had been").isFalse();
  }
}
