package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ends a journal after one of its ops, for a history that goes on from there otherwise. Whenever it
 * is interrupted the journal is whole up to that op at least, and doing it again gives the same
 * files.
 */
public final class JournalCut {
  private final Disk disk;
  private final Path segments;
  private final DataKey dataKey;
  private final long op;

  private JournalCut(Disk disk, Path segments, DataKey dataKey, long op) {
    this.disk = disk;
    this.segments = segments;
    this.dataKey = dataKey;
    this.op = op;
  }

  /**
   * Where a journal ends now.
   *
   * @param timeNanos of the op; 0 when it is op 0
   * @param chain after the op
   * @param lineage of the segment that holds the op
   */
  public record End(long op, long timeNanos, byte[] chain, Lineage lineage) {}

  /**
   * Takes away what is after an op and seals the last segment; what was cut off is deleted. A
   * journal that ends with the op is only sealed. After op 0 nothing is left.
   *
   * @throws HoldfastException code {@code journal-damaged}: also when the op is not in the journal,
   *     or, of op 0, when there is no journal; then nothing was changed
   */
  public static End after(Disk disk, Path segments, DataKey dataKey, long op) throws IOException {
    JournalCut cut = new JournalCut(disk, segments, dataKey, op);
    List<Path> files = SegmentFiles.list(disk, segments);
    return op == 0 ? cut.all(files) : cut.after(files);
  }

  private End all(List<Path> files) throws IOException {
    if (files.isEmpty()) {
      throw JournalFaults.damaged(segments, 0, "it has no segment");
    }
    try (SegmentReader reader = SegmentReader.open(disk, files.getFirst(), dataKey)) {
      SegmentHeader header = reader.header();
      SegmentOpening opening = reader.opening();
      if (header == null || opening == null) {
        throw JournalFaults.damaged(files.getFirst(), 0, "its header or opening is not whole");
      }
      delete(files);
      Lineage lineage = new Lineage(header.ledgerId(), opening.branches());
      return new End(0, 0, Chain.beginning(lineage.ledgerId()), lineage);
    }
  }

  private End after(List<Path> files) throws IOException {
    int at = files.size() - 1;
    while (at >= 0 && SegmentFiles.firstOp(files.get(at)) > op) {
      at--;
    }
    if (at < 0) {
      throw JournalFaults.damaged(segments, 0, "it has no segment with op " + op);
    }
    Path file = files.get(at);
    List<Path> later = files.subList(at + 1, files.size());
    End sealed = sealedThere(file);
    if (sealed != null) {
      delete(later);
      try (DiskFile out = disk.open(file)) {
        out.sync(); // a process that was killed may have left what no sync has reached yet
      }
      return sealed;
    }
    SegmentScan scan = SegmentScan.upTo(disk, file, dataKey, op);
    if (scan == null) {
      throw JournalFaults.damaged(file, 0, "its header or opening is not whole");
    }
    if (scan.lastOp() != op) {
      throw JournalFaults.damaged(file, scan.wholeUntil(), "it ends before op " + op);
    }
    delete(later);
    try (SegmentWriter writer = SegmentWriter.reopen(disk, scan, dataKey, Long.MAX_VALUE)) {
      writer.finish(scan.chain());
    }
    return new End(op, scan.lastTime(), scan.chain(), lineage(scan.header(), scan.opening()));
  }

  /** What a segment says that is sealed and ends with the op; null when it is not, or does not. */
  private @Nullable End sealedThere(Path file) throws IOException {
    try (SegmentReader reader = SegmentReader.open(disk, file, dataKey)) {
      SegmentHeader header = reader.header();
      SegmentOpening opening = reader.opening();
      SegmentTrailer trailer = reader.trailer();
      return header == null || opening == null || trailer == null || trailer.lastOp() != op
          ? null
          : new End(op, trailer.lastTime(), trailer.chain(), lineage(header, opening));
    }
  }

  private static Lineage lineage(SegmentHeader header, SegmentOpening opening) {
    return new Lineage(header.ledgerId(), opening.branches());
  }

  /** The newest first, each gone for good before the next: a crash leaves no gap. */
  private void delete(List<Path> files) throws IOException {
    disk.syncDirectory(segments); // what an interrupted cut deleted may not be gone for good yet
    for (Path file : files.reversed()) {
      disk.delete(file);
      disk.syncDirectory(segments);
    }
  }

  /**
   * The last op whose time is not after this one; 0 when there is none.
   *
   * @throws HoldfastException code {@code journal-damaged}
   */
  public static long lastOpAt(Disk disk, Path segments, DataKey dataKey, long timeNanos)
      throws IOException {
    List<Path> files = SegmentFiles.list(disk, segments);
    int at = files.size() - 1;
    while (at > 0 && beginsAfter(disk, files.get(at), dataKey, timeNanos)) {
      at--;
    }
    long found = at <= 0 ? 0 : SegmentFiles.firstOp(files.get(at)) - 1;
    if (at < 0) {
      return found;
    }
    List<Path> rest = files.subList(at, files.size());
    long firstOp = SegmentFiles.firstOp(files.get(at));
    try (JournalReader reader = JournalReader.of(disk, rest, dataKey, firstOp)) {
      for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
        if (entry.timeNanos() > timeNanos) {
          break;
        }
        found = entry.op();
      }
    }
    return found;
  }

  /** Whether the first entry of a segment is later, or it has none. */
  private static boolean beginsAfter(Disk disk, Path file, DataKey dataKey, long timeNanos)
      throws IOException {
    try (SegmentReader reader = SegmentReader.open(disk, file, dataKey)) {
      Entry first = reader.next();
      return first == null || first.timeNanos() > timeNanos;
    }
  }
}
