package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.HoldfastException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a repository does, what comes out of a vault is what was put in, or an error. */
class HostileRepositoryTest {
  private static final int OBJECTS = 40;

  private static byte[] content(int i) {
    return RepositoryContract.random(100 + 50 * i, i);
  }

  private static List<String> stored(Vault vault) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < OBJECTS; i++) {
      names.add(vault.store(ObjectKind.PIECE, content(i), content(i)).name());
    }
    return names;
  }

  @ParameterizedTest
  @EnumSource(HostileRepository.Harm.class)
  void each_harm_is_named_and_none_is_served(HostileRepository.Harm harm) {
    RepositoryKeys keys = RepositoryKeys.create();
    ShelfRepository shelf = new ShelfRepository(() -> 0);
    List<String> names = stored(new Vault(shelf, keys));
    HostileRepository hostile = new HostileRepository(shelf, 1, 0.5, harm);
    Set<String> codes = new TreeSet<>();
    int served = 0;
    try (Vault vault = new Vault(hostile, keys)) {
      for (int i = 0; i < OBJECTS; i++) {
        try {
          assertThat(vault.load(names.get(i))).isEqualTo(content(i));
          served++;
        } catch (HoldfastException e) {
          codes.add(e.code());
        }
      }
    }
    assertThat(hostile.harmed()).hasSize(OBJECTS - served).hasSizeBetween(5, OBJECTS - 5);
    assertThat(codes)
        .containsExactly(
            switch (harm) {
              case LOSE -> "object-missing";
              case TRUNCATE, SWAP, FLIP -> "object-damaged";
              case REFUSE -> "repository-unavailable";
            });
  }

  @Test
  void the_same_seed_does_the_same_harm() {
    List<List<String>> runs = new ArrayList<>();
    for (long seed : new long[] {7, 7, 8}) {
      ShelfRepository shelf = new ShelfRepository(() -> 0);
      for (int i = 0; i < OBJECTS; i++) {
        shelf.put("objects/" + i, content(i));
      }
      HostileRepository hostile = new HostileRepository(shelf, seed, 0.3);
      for (int i = 0; i < OBJECTS; i++) {
        try {
          hostile.get("objects/" + i);
        } catch (HoldfastException e) {
          assertThat(e.code()).isIn("object-missing", "repository-unavailable");
        }
      }
      runs.add(hostile.harmed());
    }
    assertThat(runs.get(0)).isEqualTo(runs.get(1)).isNotEqualTo(runs.get(2));
  }
}
