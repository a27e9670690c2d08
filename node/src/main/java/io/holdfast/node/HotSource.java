package io.holdfast.node;

import io.holdfast.cluster.Site;
import io.holdfast.cluster.SiteView;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.FileKind;
import io.holdfast.journal.Lineage;
import io.holdfast.journal.StoredFile;
import io.holdfast.journal.StoredFiles;
import io.holdfast.vault.BackupSource;
import io.holdfast.vault.TailStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A running node as a source of backups: what is synced of its journal. Where a stream says how far
 * it is, a backup ends there and not behind it, so that the next tail goes on from the backup. For
 * any thread.
 */
final class HotSource implements BackupSource {
  private final Site site;
  private final Path directory;
  private final Supplier<TailStream.@Nullable Place> end;

  private HotSource(Site site, Path directory, Supplier<TailStream.@Nullable Place> end) {
    this.site = site;
    this.directory = directory;
    this.end = end;
  }

  /** All that is synced. */
  static HotSource whole(Site site, Path directory) {
    return new HotSource(site, directory, () -> null);
  }

  /** What a stream has sent, or all while it says nothing. */
  HotSource upTo(Supplier<TailStream.@Nullable Place> streamed) {
    return new HotSource(site, directory, streamed);
  }

  @Override
  public String site() {
    return view().site();
  }

  @Override
  public String node() {
    return view().nodeId();
  }

  private SiteView view() {
    return site.view();
  }

  @Override
  public Lineage lineage() {
    return site.files().lineage();
  }

  @Override
  public DataKey dataKey() {
    return site.dataKey();
  }

  @Override
  public Path keys() {
    return directory.resolve("keys");
  }

  @Override
  public List<Path> sealedSegments() throws IOException {
    TailStream.Place until = end.get();
    List<Path> files = new ArrayList<>();
    for (StoredFiles.Named named : site.files().complete()) {
      if (named.kind() == FileKind.SEGMENT
          && (until == null || op(named) < until.segmentFirstOp())) {
        files.add(named.file());
      }
    }
    return files;
  }

  @Override
  public @Nullable Open open() {
    TailStream.Place until = end.get();
    StoredFiles files = site.files();
    if (until == null) {
      StoredFiles.Open open = files.open();
      return open == null ? null : new Open(open.file(), open.syncedBytes());
    }
    String name = String.format(Locale.ROOT, "%020d.segment", until.segmentFirstOp());
    return until.offset() == 0
        ? null
        : new Open(files.places().file(FileKind.SEGMENT, name), until.offset());
  }

  @Override
  public List<Path> checkpoints() throws IOException {
    TailStream.Place until = end.get();
    List<Path> files = new ArrayList<>();
    for (StoredFiles.Named named : site.files().complete()) {
      if (named.kind() == FileKind.CHECKPOINT && (until == null || op(named) < until.nextOp())) {
        files.add(named.file());
      }
    }
    return files;
  }

  private static long op(StoredFiles.Named named) {
    return StoredFile.opOf(named.name());
  }

  @Override
  public boolean running() {
    return true;
  }
}
