package io.holdfast.node;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Configured repositories for tests. */
final class RepositoryConfigs {
  static final Schedule NEVER = new Schedule.Never();

  private RepositoryConfigs() {}

  static RepositoryConfig main(
      Path root,
      Path keyFile,
      boolean continuous,
      Schedule schedule,
      Schedule verify,
      RepositoryConfig.@Nullable Keep keep) {
    return new RepositoryConfig(
        "main",
        "file:" + root,
        null,
        null,
        false,
        new RepositoryConfig.KeySource.OfFile(keyFile),
        new RepositoryConfig.Lock(0, null, false),
        new RepositoryConfig.Work(
            schedule, continuous, 64 << 20, 10_000_000, verify, Duration.ofSeconds(30)),
        keep);
  }
}
