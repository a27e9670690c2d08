package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The chain of a journal on disk, after any of its ops. */
public final class JournalChain {
  private JournalChain() {}

  /**
   * Finds the chain after an op, reading no more than its segment.
   *
   * @throws io.holdfast.kernel.HoldfastException code {@code journal-damaged}: also when the op is
   *     not in the journal
   */
  public static byte[] after(Disk disk, Path directory, DataKey dataKey, long op)
      throws IOException {
    List<Path> files = SegmentFiles.list(disk, directory);
    int at = files.size() - 1;
    while (at > 0 && SegmentFiles.firstOp(files.get(at)) > op + 1) {
      at--;
    }
    if (at < 0) {
      throw JournalFaults.damaged(directory, 0, "it has no segment with op " + op);
    }
    Path file = files.get(at);
    try (SegmentReader reader = SegmentReader.open(disk, file, dataKey)) {
      SegmentOpening opening = reader.opening();
      if (reader.header() == null || opening == null) {
        throw JournalFaults.damaged(file, 0, "its header or opening is not whole");
      }
      Chain chain = new Chain(opening.chainBefore());
      long reached = reader.header().firstOp() - 1;
      while (reached < op) {
        Entry entry = reader.next();
        if (entry == null) {
          throw JournalFaults.damaged(file, reader.wholeUntil(), "it ends before op " + op);
        }
        entry.addTo(chain);
        reached = entry.op();
      }
      return chain.value();
    }
  }
}
