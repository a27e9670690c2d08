package io.holdfast.node;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.Lineage;
import io.holdfast.vault.BackupSource;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The source of a node that has nothing yet, for tests. */
final class NoSource implements BackupSource {
  private final DataKey dataKey = DataKey.create();

  @Override
  public String site() {
    return "main";
  }

  @Override
  public String node() {
    return "n1";
  }

  @Override
  public Lineage lineage() {
    return FakeActs.LINEAGE;
  }

  @Override
  public DataKey dataKey() {
    return dataKey;
  }

  @Override
  public Path keys() {
    return Path.of("keys");
  }

  @Override
  public List<Path> sealedSegments() {
    return List.of();
  }

  @Override
  public @Nullable Open open() {
    return null;
  }

  @Override
  public List<Path> checkpoints() {
    return List.of();
  }

  @Override
  public boolean running() {
    return true;
  }
}
