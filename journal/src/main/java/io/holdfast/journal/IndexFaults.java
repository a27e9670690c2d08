package io.holdfast.journal;

import io.holdfast.kernel.HoldfastException;
import java.nio.file.Path;

/** What can be wrong with the index of a journal, under stable codes. */
final class IndexFaults {
  private static final String HINT =
      "nothing of it is used; run 'holdfast journal reindex', which makes the index anew from the"
          + " journal, and check the disk";

  private IndexFaults() {}

  /** Stored bytes are not what was written. */
  static HoldfastException damaged(Path file, long offset, String what) {
    return new DamagedFileException(
        FileKind.RUN,
        file,
        "index-damaged",
        file + " is damaged at byte " + offset + ": " + what,
        HINT);
  }

  /** The first run there is begins later than the journal. */
  static HoldfastException incomplete(Path first, long firstOp) {
    return new HoldfastException(
        "index-damaged", first + " is the first run, but begins only with op " + firstOp, HINT);
  }

  /** The files of a directory do not fit together. */
  static HoldfastException misfit(Path before, Path after, String what) {
    return new HoldfastException(
        "index-damaged", before + " and " + after + " do not fit: " + what, HINT);
  }
}
