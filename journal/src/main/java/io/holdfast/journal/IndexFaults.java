package io.holdfast.journal;

import io.holdfast.kernel.HoldfastException;
import java.nio.file.Path;

/** What can be wrong with the index of a journal, under stable codes. */
final class IndexFaults {
  static final String DAMAGED = "index-damaged";

  private static final String HINT =
      "nothing of it is used, and a start makes it anew from the journal, as 'holdfast journal"
          + " reindex' does; check the disk";

  private IndexFaults() {}

  /** Stored bytes are not what was written. */
  static HoldfastException damaged(Path file, long offset, String what) {
    return new DamagedFileException(
        FileKind.RUN, file, DAMAGED, file + " is damaged at byte " + offset + ": " + what, HINT);
  }

  /** The index can no longer be kept up. */
  static HoldfastException failed(Path directory, Throwable cause) {
    return new HoldfastException(
        "index-failed",
        "the index in " + directory + " failed: " + cause,
        "the node stopped itself; keep its directory and logs, and restart it",
        cause);
  }
}
