package io.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TimeOrderedIdsTest {
  private static final long MILLI = 1_000_000;

  /** A clock that the test moves. */
  private static final class MovedClock implements Clock {
    private long wall = 1_700_000_000_000L * MILLI;

    @Override
    public long wallNanos() {
      return wall;
    }

    @Override
    public long monotonicNanos() {
      return 0;
    }
  }

  private final MovedClock clock = new MovedClock();
  private final TimeOrderedIds ids = new TimeOrderedIds(clock);

  @Test
  void ids_rise_within_a_millisecond_with_time_and_when_the_clock_goes_back() {
    Set<UInt128> seen = new HashSet<>();
    UInt128 last = UInt128.ZERO;
    for (int i = 0; i < 10_000; i++) {
      clock.wall += i % 100 == 0 ? MILLI : i % 777 == 0 ? -5 * MILLI : 0;
      UInt128 next = ids.next();
      assertThat(next).isGreaterThan(last);
      assertThat(seen.add(next)).isTrue();
      last = next;
    }
  }

  @Test
  void an_id_begins_with_its_millisecond() {
    assertThat(ids.next().hi() >>> 16).isEqualTo(1_700_000_000_000L);
  }

  @Test
  void two_makers_do_not_meet() {
    assertThat(new TimeOrderedIds(clock).next()).isNotEqualTo(ids.next());
  }
}
