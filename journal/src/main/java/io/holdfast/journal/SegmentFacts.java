package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a segment file says about itself: a sealed one by its trailer, else by all its entries.
 *
 * @param lineage up to its entries, which belong to the last branch
 * @param group the consensus group that wrote it
 * @param dataKeyId in hex
 * @param sealed whether nothing will ever follow
 * @param lastOp of its last whole entry; the one before {@code firstOp} if it has none
 * @param firstTime of its first entry; 0 if it has none
 * @param lastTime of its last whole entry; 0 if it has none
 * @param chain after its last whole entry, in hex
 * @param wholeBytes of the file, up to the end of its last whole content
 */
public record SegmentFacts(
    Lineage lineage,
    UUID group,
    String dataKeyId,
    long firstOp,
    boolean sealed,
    long lastOp,
    long events,
    long created,
    long firstTime,
    long lastTime,
    String chain,
    long wholeBytes) {

  /**
   * Reads a segment, of a stopped node or a running one. What is still being written, or a crash
   * left unfinished, is passed over.
   *
   * @return null when not even its beginning is whole: a crash came while it was made
   * @throws HoldfastException codes {@code journal-damaged}, {@code wrong-data-key}, {@code
   *     format-unknown}
   */
  public static @Nullable SegmentFacts of(Disk disk, Path file, DataKey dataKey)
      throws IOException {
    try (SegmentReader reader = SegmentReader.open(disk, file, dataKey)) {
      SegmentHeader header = reader.header();
      SegmentOpening opening = reader.opening();
      SegmentTrailer trailer = reader.trailer();
      if (header == null || opening == null) {
        return null;
      }
      if (trailer != null) {
        return of(header, opening, trailer, true, reader.sizeBytes());
      }
    }
    SegmentScan scan = SegmentScan.of(disk, file, dataKey, (entry, reader, chain) -> {});
    return scan == null ? null : of(disk, scan);
  }

  private static SegmentFacts of(Disk disk, SegmentScan scan) throws IOException {
    SegmentReader.Ending.Broken broken = scan.broken();
    if (broken != null
        && (scan.closed()
            || FrameSearch.anyBetween(disk, scan.file(), broken.offset() + 1, scan.sizeBytes()))) {
      throw JournalFaults.damaged(scan.file(), broken.offset(), broken.what());
    }
    SegmentTrailer end =
        new SegmentTrailer(
            scan.header().firstOp(),
            scan.lastOp(),
            scan.events(),
            scan.created(),
            scan.firstTime(),
            scan.lastTime(),
            scan.chain());
    return of(scan.header(), scan.opening(), end, false, scan.wholeUntil());
  }

  private static SegmentFacts of(
      SegmentHeader header,
      SegmentOpening opening,
      SegmentTrailer end,
      boolean sealed,
      long wholeBytes) {
    return new SegmentFacts(
        new Lineage(header.ledgerId(), opening.branches()),
        header.group(),
        header.keyIdHex(),
        header.firstOp(),
        sealed,
        end.lastOp(),
        end.events(),
        end.created(),
        end.firstTime(),
        end.lastTime(),
        Chain.hex(end.chain()),
        wholeBytes);
  }
}
