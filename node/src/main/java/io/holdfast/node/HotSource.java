package io.holdfast.node;

import io.holdfast.cluster.Site;
import io.holdfast.cluster.SiteView;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.FileKind;
import io.holdfast.journal.Lineage;
import io.holdfast.journal.StoredFiles;
import io.holdfast.vault.BackupSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A running node as a source of backups: what is synced of its journal. For any thread. */
final class HotSource implements BackupSource {
  private final Site site;
  private final Path directory;

  HotSource(Site site, Path directory) {
    this.site = site;
    this.directory = directory;
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
    return complete(FileKind.SEGMENT);
  }

  @Override
  public @Nullable Open open() {
    StoredFiles.Open open = site.files().open();
    return open == null ? null : new Open(open.file(), open.syncedBytes());
  }

  @Override
  public List<Path> checkpoints() throws IOException {
    return complete(FileKind.CHECKPOINT);
  }

  private List<Path> complete(FileKind kind) throws IOException {
    return site.files().complete().stream()
        .filter(named -> named.kind() == kind)
        .map(StoredFiles.Named::file)
        .toList();
  }

  @Override
  public boolean running() {
    return true;
  }
}
