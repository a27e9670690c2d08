package io.holdfast.vault;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.Lineage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;

/** A source whose files stay those that there were, synced as far as a test says. */
record SeenSource(
    BackupSource source, List<Path> sealed, Open end, List<Path> points, LongSupplier synced)
    implements BackupSource {
  /** As it is now, its open segment up to the bytes that are said each time. */
  static SeenSource upTo(BackupSource source, LongSupplier synced) throws IOException {
    Open open = Objects.requireNonNull(source.open());
    return new SeenSource(source, source.sealedSegments(), open, source.checkpoints(), synced);
  }

  /** As it is now. */
  static SeenSource frozen(BackupSource source) throws IOException {
    return upTo(source, () -> Long.MAX_VALUE);
  }

  @Override
  public String site() {
    return source.site();
  }

  @Override
  public String node() {
    return source.node();
  }

  @Override
  public Lineage lineage() {
    return source.lineage();
  }

  @Override
  public DataKey dataKey() {
    return source.dataKey();
  }

  @Override
  public Path keys() {
    return source.keys();
  }

  @Override
  public List<Path> sealedSegments() {
    return sealed;
  }

  @Override
  public Open open() {
    return new Open(end.file(), Math.min(end.syncedBytes(), synced.getAsLong()));
  }

  @Override
  public List<Path> checkpoints() {
    return points;
  }

  @Override
  public boolean running() {
    return true;
  }
}
