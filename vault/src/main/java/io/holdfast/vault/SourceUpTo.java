package io.holdfast.vault;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.Lineage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A source that ends where a stream says that it is, and not behind it, so that the next tail goes
 * on from the backup. While the stream says nothing, it ends where the source does. For any thread.
 */
public final class SourceUpTo implements BackupSource {
  private final BackupSource source;
  private final Supplier<TailStream.@Nullable Place> end;

  public SourceUpTo(BackupSource source, Supplier<TailStream.@Nullable Place> end) {
    this.source = source;
    this.end = end;
  }

  @Override
  public BackupSource now() {
    TailStream.Place until = end.get();
    return until == null ? source.now() : new SourceUpTo(source.now(), () -> until);
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
  public List<Path> sealedSegments() throws IOException {
    TailStream.Place until = end.get();
    List<Path> all = source.sealedSegments();
    return until == null
        ? all
        : all.stream().filter(file -> SourceFiles.op(file) < until.segmentFirstOp()).toList();
  }

  /** The segment that the stream is in, as far as that is; it may be sealed by now. */
  @Override
  public @Nullable Open open() throws IOException {
    TailStream.Place until = end.get();
    Open open = source.open();
    if (until == null) {
      return open;
    }
    if (until.offset() == 0) {
      return null;
    }
    if (open != null && SourceFiles.op(open.file()) == until.segmentFirstOp()) {
      return new Open(open.file(), until.offset());
    }
    return source.sealedSegments().stream()
        .filter(file -> SourceFiles.op(file) == until.segmentFirstOp())
        .findFirst()
        .map(file -> new Open(file, until.offset()))
        .orElse(null);
  }

  @Override
  public List<Path> checkpoints() throws IOException {
    TailStream.Place until = end.get();
    List<Path> all = source.checkpoints();
    return until == null
        ? all
        : all.stream().filter(file -> SourceFiles.op(file) < until.nextOp()).toList();
  }

  @Override
  public boolean running() {
    return source.running();
  }
}
