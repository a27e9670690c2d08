package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the journal of a stopped node ends, read without changing anything: what a crash left
 * unfinished at its end is passed over.
 *
 * @param lastOp 0 when it is empty
 * @param chain after the last op, 64 hex digits
 * @param last the entry of consensus that holds the last op; null when it is empty
 */
public record JournalTail(long lastOp, String chain, Recovery.@Nullable Point last) {

  /**
   * Reads the last segments, until there is an entry.
   *
   * @throws io.holdfast.kernel.HoldfastException codes {@code journal-damaged}, {@code
   *     wrong-data-key}, {@code format-unknown}
   */
  public static JournalTail read(Disk disk, Path directory, DataKey dataKey, UInt128 ledgerId)
      throws IOException {
    List<Path> files = SegmentFiles.list(disk, directory);
    for (int i = files.size() - 1; i >= 0; i--) {
      Path file = files.get(i);
      Seen seen = new Seen();
      SegmentScan scan =
          SegmentScan.of(disk, file, dataKey, (entry, reader, chain) -> seen.see(entry));
      if (scan == null) {
        continue; // a crash came while it was made
      }
      SegmentReader.Ending.Broken broken = scan.broken();
      if (broken != null && (scan.closed() || i < files.size() - 1)) {
        throw JournalFaults.damaged(file, broken.offset(), broken.what());
      }
      Recovery.Point last = seen.last;
      if (last != null) {
        return new JournalTail(last.op(), HexFormat.of().formatHex(scan.chain()), last);
      }
    }
    return new JournalTail(0, HexFormat.of().formatHex(Chain.beginning(ledgerId)), null);
  }

  private static final class Seen {
    private Recovery.@Nullable Point last;

    void see(Entry entry) {
      last = new Recovery.Point(entry.op(), entry.group(), entry.term(), entry.index());
    }
  }
}
