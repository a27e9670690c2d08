package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DivergenceTest {
  private static final Instant NOW = Instant.parse("2026-11-26T07:30:00.125Z");

  @TempDir Path directory;

  @BeforeEach
  void fill() throws IOException {
    for (String part : List.of("journal", "index", "checkpoints")) {
      Files.createDirectories(directory.resolve(part));
      Files.writeString(directory.resolve(part).resolve("file"), part);
    }
  }

  private static Divergence at(long op, Instant time) {
    return Divergence.found(op, List.of("n1", "n2"), op + 7, time);
  }

  @Test
  void what_is_noted_is_read_again() {
    Divergence found = at(40, NOW);
    assertThat(Divergence.isNoted(directory)).isFalse();
    found.write(directory);
    assertThat(Divergence.isNoted(directory)).isTrue();
    assertThat(Divergence.read(directory)).isEqualTo(found);
  }

  @Test
  void what_diverged_is_moved_aside_and_kept() {
    at(40, NOW).moveAside(directory);
    Path kept = directory.resolve("diverged/40-20261126T073000.125Z");
    for (String part : List.of("journal", "index", "checkpoints")) {
      assertThat(kept.resolve(part).resolve("file")).hasContent(part);
      assertThat(directory.resolve(part)).doesNotExist();
    }
    assertThat(Divergence.read(directory).moved()).isTrue();
  }

  @Test
  void a_move_that_a_crash_cut_off_goes_on_and_what_was_fetched_since_stays() throws IOException {
    Path kept = directory.resolve("diverged/40-20261126T073000.125Z");
    Files.createDirectories(kept);
    Files.move(directory.resolve("journal"), kept.resolve("journal"));
    at(40, NOW).moveAside(directory);
    assertThat(kept.resolve("journal/file")).hasContent("journal");
    assertThat(kept.resolve("checkpoints/file")).hasContent("checkpoints");

    Files.createDirectories(directory.resolve("journal"));
    Divergence.read(directory).moveAside(directory);
    assertThat(directory.resolve("journal")).exists();
  }

  @Test
  void the_fourth_time_it_does_not_rebuild_itself() throws IOException {
    for (int i = 0; i < Divergence.REBUILDS_MAX; i++) {
      at(40, NOW.plusSeconds(i)).moveAside(directory);
      fill();
    }
    assertThatThrownBy(() -> at(40, NOW.plusSeconds(9)).moveAside(directory))
        .isInstanceOfSatisfying(
            HoldfastException.class,
            e -> {
              assertThat(e.code()).isEqualTo("replica-diverged");
              assertThat(e.message()).contains("3 times before");
            });
    assertThat(directory.resolve("journal/file")).exists();
  }
}
