package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rate that all uploads of a repository share. */
class PacedRepositoryTest {
  @TempDir Path directory;

  @Test
  void all_uploads_together_take_no_more_than_the_rate() {
    RepositoryLocation location =
        RepositoryLocation.parse(
            directory.resolve("b").toString(),
            RepositoryLocation.Options.NONE.withBytesPerSecondMax(1_000_000));
    try (Repository repository = Repositories.create(location)) {
      Instant start = Instant.now();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 8; i++) {
          String name = "objects/" + i;
          threads.submit(() -> repository.put(name, new byte[250_000]));
        }
      }
      // Two seconds' worth, less the tenth that may come at once.
      assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(1_850));
      assertThat(repository.list("")).hasSize(8);
    }
  }
}
