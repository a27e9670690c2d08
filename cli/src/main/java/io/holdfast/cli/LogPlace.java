package io.holdfast.cli;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.SiteLog;
import io.holdfast.journal.SiteLogReader;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a node's part of the site's log lies, and the key that opens it.
 *
 * @param directory of the files
 */
record LogPlace(Path directory, DataKey key) {
  /**
   * Finds log and key.
   *
   * @param given a node's directory, or one with files of a log
   * @param dataKey null for {@code keys/data.key} of the node's directory
   * @throws HoldfastException code {@code no-site-log}, and those of {@link DataKey#read}
   */
  static LogPlace find(Path given, @Nullable Path dataKey) throws IOException {
    Path at =
        Files.exists(given.resolve("genesis.json")) ? given.resolve(SiteLog.DIRECTORY) : given;
    if (!SiteLogReader.anyIn(SystemDisk.INSTANCE, at)) {
      throw new HoldfastException(
          "no-site-log",
          at + " holds no file of a site log",
          "name a node's directory such as holdfast-data/n1, or one with files that end in .acts");
    }
    Path parent = at.getParent();
    Path key =
        dataKey != null || parent == null ? dataKey : parent.resolve("keys").resolve(DataKey.FILE);
    if (key == null || (dataKey == null && !Files.exists(key))) {
      throw new HoldfastException(
          "usage",
          "--data-key is missing, and there is no " + key,
          "name the data.key of the ledger: --data-key FILE");
    }
    return new LogPlace(at, DataKey.read(key));
  }

  SiteLogReader reader() {
    return new SiteLogReader(SystemDisk.INSTANCE, directory, key);
  }
}
