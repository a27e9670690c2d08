package io.holdfast.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RpoWatchTest {
  private static final long SECOND = 1_000_000_000L;

  private final RpoWatch watch = new RpoWatch();

  @Test
  void it_is_not_known_before_the_repository_is() {
    watch.at(5, 10 * SECOND);
    assertThat(watch.seconds(11 * SECOND)).isEqualTo(-1);
  }

  @Test
  void nothing_would_be_lost_while_nothing_is_lacking() {
    watch.found(5, 10 * SECOND);
    watch.at(5, 100 * SECOND);
    assertThat(watch.seconds(101 * SECOND)).isZero();
  }

  @Test
  void what_came_since_the_last_look_is_as_old_as_that_look() {
    watch.found(5, 10 * SECOND);
    watch.at(5, 100 * SECOND);
    watch.at(6, 101 * SECOND);
    assertThat(watch.seconds(103 * SECOND)).isEqualTo(3);
    watch.stored(6, 101 * SECOND);
    assertThat(watch.seconds(103 * SECOND)).isZero();
  }

  @Test
  void what_a_repository_lacks_when_it_is_found_is_older_than_what_it_has() {
    watch.at(9, 100 * SECOND);
    watch.found(5, 40 * SECOND);
    assertThat(watch.seconds(100 * SECOND)).isEqualTo(60);
    watch.stored(8, 90 * SECOND);
    assertThat(watch.seconds(100 * SECOND)).isEqualTo(10);
  }

  @Test
  void it_never_says_too_little_and_no_more_than_the_looks_are_apart_too_much() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    TreeMap<Long, Long> times = new TreeMap<>(); // of ops
    long now = 1_000 * SECOND;
    times.put(1L, now);
    watch.found(1, now);
    watch.at(1, now);
    long stored = 1;
    long looked = now;
    for (int i = 0; i < 20_000; i++) {
      now += random.nextLong(SECOND);
      if (random.nextInt(3) == 0) {
        times.put(times.lastKey() + 1, now);
      }
      if (random.nextInt(4) > 0) {
        watch.at(times.lastKey(), now);
        looked = now;
      }
      if (random.nextInt(5) == 0) {
        stored = Math.min(times.lastKey(), stored + random.nextInt(4));
        watch.stored(stored, Objects.requireNonNull(times.get(stored)));
      }
      Long lacked = times.get(stored + 1);
      double truth = lacked == null ? 0 : (now - lacked) / 1e9;
      if (looked == now) {
        assertThat(watch.seconds(now)).as("seed %d", seed).isGreaterThanOrEqualTo(truth);
        if (lacked == null) {
          assertThat(watch.seconds(now)).as("seed %d", seed).isZero();
        }
      }
    }
  }
}
