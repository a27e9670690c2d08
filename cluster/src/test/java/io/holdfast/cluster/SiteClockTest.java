package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.Clock;
import org.junit.jupiter.api.Test;

class SiteClockTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long HOUR = 3_600 * SECOND;
  private static final long START = 1_700_000_000L * SECOND;

  private final Hands hands = new Hands();

  private static final class Hands implements Clock {
    long wall = START;
    long monotonic = 77;

    @Override
    public long wallNanos() {
      return wall;
    }

    @Override
    public long monotonicNanos() {
      return monotonic;
    }

    void pass(long nanos) {
      wall += nanos;
      monotonic += nanos;
    }
  }

  @Test
  void it_runs_on_monotonic_time_when_wall_time_steps() {
    SiteClock clock = new SiteClock(hands);
    clock.lead();
    long before = clock.now();

    hands.wall += HOUR;
    hands.pass(SECOND);

    assertThat(clock.now() - before).isBetween(SECOND, SECOND + SECOND / 1000);
  }

  @Test
  void a_clock_an_hour_ahead_is_outvoted_by_two() {
    hands.wall = START + HOUR;
    SiteClock clock = new SiteClock(hands);

    clock.sample(hands.monotonic, hands.wall, new long[] {hands.wall, START, START + 5});

    assertThat(clock.now()).isEqualTo(START + 5);
    assertThat(clock.offsetNanos()).isEqualTo(HOUR - 5);
  }

  @Test
  void of_two_clocks_that_disagree_the_earlier_is_believed_so_that_nothing_expires_early() {
    hands.wall = START + HOUR;
    SiteClock clock = new SiteClock(hands);

    clock.sample(hands.monotonic, hands.wall, new long[] {hands.wall, START});

    assertThat(clock.now()).isEqualTo(START);
  }

  @Test
  void of_two_clocks_that_disagree_the_one_that_fits_the_time_so_far_is_believed() {
    SiteClock clock = new SiteClock(hands);
    clock.sample(hands.monotonic, START, new long[] {START, START, START});
    hands.pass(SECOND);

    clock.sample(
        hands.monotonic, START + SECOND, new long[] {START + SECOND, START + SECOND - HOUR});

    assertThat(clock.now()).isEqualTo(START + SECOND);
  }

  @Test
  void while_it_leads_it_slews_and_never_goes_back() {
    SiteClock clock = new SiteClock(hands);
    clock.sample(hands.monotonic, START, new long[] {START});
    clock.lead();
    long last = clock.now();
    for (int i = 0; i < 100; i++) {
      hands.pass(SECOND / 10);
      long behind = hands.wall - HOUR;
      clock.sample(hands.monotonic, hands.wall, new long[] {behind, behind, hands.wall});
      long now = clock.now();
      assertThat(now).isGreaterThan(last);
      last = now;
    }
    long elapsed = last - START;
    assertThat(elapsed).isBetween(10 * SECOND - SECOND / 100, 10 * SECOND);
  }

  @Test
  void while_it_follows_it_takes_a_better_estimate_at_once() {
    SiteClock clock = new SiteClock(hands);
    clock.lead();
    clock.follow();

    clock.sample(hands.monotonic, START, new long[] {START, START + HOUR, START + HOUR});

    assertThat(clock.now()).isEqualTo(START + HOUR);
  }
}
