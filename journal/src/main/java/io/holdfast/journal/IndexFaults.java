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
    return new HoldfastException(
        DAMAGED, file + " is damaged at byte " + offset + ": " + what, HINT);
  }
}
