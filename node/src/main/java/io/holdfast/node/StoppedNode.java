package io.holdfast.node;

import io.holdfast.cluster.Genesis;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.ColdSource;
import java.nio.file.Path;

/** The directory of a node that is stopped, held so that none is started while backups read it. */
public final class StoppedNode implements AutoCloseable {
  private final DirectoryLock lock;
  private final ColdSource source;

  private StoppedNode(DirectoryLock lock, ColdSource source) {
    this.lock = lock;
    this.source = source;
  }

  /**
   * Takes the directory.
   *
   * @throws HoldfastException code {@code directory-in-use}: the node runs; {@code
   *     directory-missing}, {@code directory-unreadable}; those of reading genesis.json and the
   *     data key
   */
  public static StoppedNode open(Path directory) {
    DirectoryLock lock = DirectoryLock.take(directory);
    try {
      Genesis genesis = Genesis.read(directory);
      Path keys = directory.resolve("keys");
      return new StoppedNode(
          lock,
          new ColdSource(
              genesis.site(),
              genesis.nodeId(),
              genesis.lineage(),
              genesis.dataKey(keys),
              keys,
              JournalPlaces.in(directory)));
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /** Its files, as long as this is open. */
  public ColdSource source() {
    return source;
  }

  /** Gives the directory back. */
  @Override
  public void close() {
    lock.close();
  }
}
