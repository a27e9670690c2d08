package io.holdfast.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.Invariants;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class IdIndexTest {
  @Property(tries = 30, shrinking = ShrinkingMode.OFF)
  void insertions_and_removals_in_any_order_leave_what_a_map_would_have(@ForAll long seed) {
    Random random = new Random(seed);
    List<Long> ids = new ArrayList<>(); // by position
    Map<Long, Long> map = new HashMap<>();
    try (Arena arena = Arena.ofConfined()) {
      IdIndex index = new IdIndex(arena, (p, hi, lo) -> ids.get((int) p) == lo && hi == 3, seed, 3);
      int steps = random.nextInt(60_000);
      for (int i = 0; i < steps; i++) {
        long id = random.nextLong() >>> 44;
        long hash = index.hash(3, id);
        Long known = map.get(id);
        assertThat(index.find(hash, 3, id))
            .as("seed %d", seed)
            .isEqualTo(known == null ? IdIndex.NOT_FOUND : known);
        if (known == null) {
          ids.add(id);
          index.insert(hash, ids.size() - 1);
          map.put(id, (long) ids.size() - 1);
        } else if (random.nextBoolean()) {
          index.remove(hash, known);
          map.remove(id);
        }
      }
      assertThat(index.size()).as("seed %d", seed).isEqualTo(map.size());
      map.forEach((id, p) -> assertThat(index.find(3, id)).as("seed %d", seed).isEqualTo(p));
    }
  }

  @Test
  void positions_up_to_the_largest_come_back() {
    try (Arena arena = Arena.ofConfined()) {
      IdIndex index = new IdIndex(arena, (p, hi, lo) -> true, 1, 3);
      long hash = index.hash(1, 2);
      index.insert(hash, IdIndex.POSITION_MAX);
      assertThat(index.find(1, 2)).isEqualTo(IdIndex.POSITION_MAX);
      assertThatThrownBy(() -> index.insert(hash, IdIndex.POSITION_MAX + 1))
          .isInstanceOf(Invariants.Broken.class);
      index.remove(hash, IdIndex.POSITION_MAX);
      assertThat(index.find(1, 2)).isEqualTo(IdIndex.NOT_FOUND);
      assertThatThrownBy(() -> index.remove(hash, 7))
          .hasMessage("invariant broken: what is taken back from the index was in it");
    }
  }
}
