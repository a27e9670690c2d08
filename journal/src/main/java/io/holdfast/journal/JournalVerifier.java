package io.holdfast.journal;

import io.holdfast.journal.JournalSegment.Fault;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says what segments hold and whether they are what was written. Works on a stopped node's journal,
 * a running node's, or copied files; it writes nothing.
 */
public final class JournalVerifier {
  private final Disk disk;
  private final DataKey dataKey;

  public JournalVerifier(Disk disk, DataKey dataKey) {
    this.disk = disk;
    this.dataKey = dataKey;
  }

  /** All segments of a directory in their order, or the file itself when it is one. */
  public static List<Path> segments(Disk disk, Path place) throws IOException {
    return SegmentFiles.isSegment(place) ? List.of(place) : SegmentFiles.list(disk, place);
  }

  /** What a segment says about itself: of a sealed one its trailer, else all its entries. */
  public JournalSegment describe(Path file) throws IOException {
    try (SegmentReader reader = SegmentReader.open(disk, file, dataKey)) {
      SegmentHeader header = reader.header();
      SegmentTrailer trailer = reader.trailer();
      if (header != null && trailer != null) {
        return JournalSegment.of(file, header, trailer, reader.sizeBytes());
      }
    }
    return verify(List.of(file), segment -> {}).getFirst();
  }

  /**
   * Reads segments that follow each other as a whole: every frame opens under its key, every entry
   * follows the one before, the chain computed anew is the one recorded, and each segment goes on
   * where the one before it ended.
   *
   * @param seen is told of each as soon as it is done
   */
  public List<JournalSegment> verify(List<Path> files, Consumer<JournalSegment> seen)
      throws IOException {
    return verify(files, seen, (entry, reader, chain) -> {});
  }

  /**
   * As the other.
   *
   * @param visitor sees each whole entry
   */
  List<JournalSegment> verify(
      List<Path> files, Consumer<JournalSegment> seen, SegmentScan.EntryVisitor visitor)
      throws IOException {
    List<JournalSegment> found = new ArrayList<>();
    SegmentScan before = null;
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      SegmentScan scan = SegmentScan.of(disk, file, dataKey, visitor);
      JournalSegment segment =
          scan == null ? unreadable(file) : segment(scan, before, i > 0, i == files.size() - 1);
      found.add(segment);
      seen.accept(segment);
      before = scan;
    }
    return found;
  }

  private JournalSegment unreadable(Path file) throws IOException {
    try (DiskFile in = disk.openForReading(file)) {
      return JournalSegment.unreadable(
          file, in.sizeBytes(), new Fault(0, "its header or opening is not whole"));
    }
  }

  private JournalSegment segment(
      SegmentScan scan, @Nullable SegmentScan before, boolean follows, boolean last)
      throws IOException {
    SegmentReader.Ending.Broken broken = scan.broken();
    boolean unfinished =
        broken != null
            && last
            && !scan.closed()
            && !FrameSearch.anyBetween(disk, scan.file(), broken.offset() + 1, scan.sizeBytes());
    Fault fault = null;
    if (broken != null && !unfinished) {
      fault = new Fault(broken.offset(), broken.what());
    } else if (broken == null && !last && !scan.closed()) {
      fault = new Fault(scan.sizeBytes(), "it has no trailer, though a later segment exists");
    } else if (follows) {
      fault = joint(scan, before);
    }
    if (fault == null && SegmentFiles.firstOp(scan.file()) != scan.header().firstOp()) {
      fault = new Fault(64, "it begins with op " + scan.header().firstOp() + ", unlike its name");
    }
    return JournalSegment.of(scan, unfinished ? scan.sizeBytes() - scan.wholeUntil() : 0, fault);
  }

  /** Whether a segment goes on where the one before it ended. */
  private static @Nullable Fault joint(SegmentScan scan, @Nullable SegmentScan before) {
    if (before == null) {
      return null; // that one has a fault of its own
    }
    long expected = before.lastOp() + 1;
    if (scan.header().firstOp() != expected) {
      return new Fault(64, "it begins with op " + scan.header().firstOp() + ", not " + expected);
    }
    return Arrays.equals(scan.opening().chainBefore(), before.chain())
        ? null
        : new Fault(SegmentHeader.BYTES, "its chain does not go on from the segment before it");
  }
}
