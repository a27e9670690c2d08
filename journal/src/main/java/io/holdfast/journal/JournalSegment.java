package io.holdfast.journal;

import io.holdfast.kernel.UInt128;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is known about one segment.
 *
 * @param ledgerId null when not even the segment's beginning is whole; then the rest says nothing
 * @param lastOp of its last whole entry; the one before {@code firstOp} if it has none
 * @param created events that were created, and reservations that pulses released
 * @param sealed whether nothing will ever follow
 * @param chain after its last whole entry, in hex
 * @param unfinishedBytes behind the last whole entry of a segment that is still being written
 * @param fault what is wrong; null when nothing is known to be
 */
public record JournalSegment(
    Path file,
    @Nullable UInt128 ledgerId,
    long epoch,
    long firstOp,
    long lastOp,
    long events,
    long created,
    long firstTimeNanos,
    long lastTimeNanos,
    long sizeBytes,
    boolean sealed,
    String chain,
    long unfinishedBytes,
    @Nullable Fault fault) {

  /** Where in a file something is wrong, and what. */
  public record Fault(long offset, String what) {}

  static JournalSegment unreadable(Path file, long sizeBytes, Fault fault) {
    return new JournalSegment(file, null, 0, 0, -1, 0, 0, 0, 0, sizeBytes, false, "", 0, fault);
  }

  static JournalSegment of(SegmentScan scan, long unfinishedBytes, @Nullable Fault fault) {
    return new JournalSegment(
        scan.file(),
        scan.header().ledgerId(),
        scan.header().epoch(),
        scan.header().firstOp(),
        scan.lastOp(),
        scan.events(),
        scan.created(),
        scan.firstTime(),
        scan.lastTime(),
        scan.sizeBytes(),
        scan.closed(),
        Chain.hex(scan.chain()),
        unfinishedBytes,
        fault);
  }

  static JournalSegment of(
      Path file, SegmentHeader header, SegmentTrailer trailer, long sizeBytes) {
    return new JournalSegment(
        file,
        header.ledgerId(),
        header.epoch(),
        trailer.firstOp(),
        trailer.lastOp(),
        trailer.events(),
        trailer.created(),
        trailer.firstTime(),
        trailer.lastTime(),
        sizeBytes,
        true,
        Chain.hex(trailer.chain()),
        0,
        null);
  }

  /** How many entries it has. */
  public long entries() {
    return lastOp - firstOp + 1;
  }
}
