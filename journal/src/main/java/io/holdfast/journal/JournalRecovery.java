package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds out at start where a journal ends. Sealed segments are looked at by their beginnings and
 * trailers, and must join; the last one is read as a whole. What a crash may have left after the
 * last op known to be durable is cut off, for it comes again from the consensus log; everything
 * else that is not what was written is damage, and refused.
 */
final class JournalRecovery {
  private final Disk disk;
  private final Path directory;
  private final DataKey dataKey;
  private final Lineage lineage;
  private final long durableOp;
  private long bytes;
  private long cutBytes;

  private JournalRecovery(
      Disk disk, Path directory, DataKey dataKey, Lineage lineage, long durableOp) {
    this.disk = disk;
    this.directory = directory;
    this.dataKey = dataKey;
    this.lineage = lineage;
    this.durableOp = durableOp;
  }

  /**
   * Where a journal ends.
   *
   * @param lastOp 0 when it is empty
   * @param chain after the last op
   * @param open the last segment, when it goes on; null when the next entry begins a new one
   * @param sealedBytes of the segments that are sealed
   * @param cutBytes what a crash had left and was cut off
   */
  record End(
      long lastOp,
      long lastTime,
      byte[] chain,
      @Nullable SegmentScan open,
      int segments,
      long sealedBytes,
      long cutBytes) {}

  /** Where a sealed segment leads to. */
  private record Link(long lastOp, long lastTime, byte[] chain) {}

  /**
   * Recovers the journal in a directory.
   *
   * @param beginning where an empty journal begins
   * @param durableOp the last op known to have been on disk; 0 if none is
   */
  static End recover(Disk disk, Path directory, DataKey dataKey, Lineage beginning, long durableOp)
      throws IOException {
    return new JournalRecovery(disk, directory, dataKey, beginning, durableOp).recover();
  }

  private End recover() throws IOException {
    List<Path> files = SegmentFiles.list(disk, directory);
    Link link = new Link(0, 0, Chain.beginning(lineage.ledgerId()));
    int last = files.size() - 1;
    for (int i = 0; i < last; i++) {
      link = sealed(files.get(i), link);
    }
    if (last < 0) {
      return end(link, null, 0);
    }
    // A process that was killed may have left names and contents that no sync has reached yet.
    disk.syncDirectory(directory);
    return last(files.get(last), link, files.size());
  }

  private End end(Link link, @Nullable SegmentScan open, int segments) {
    if (link.lastOp() < durableOp) {
      throw JournalFaults.lost(directory, link.lastOp(), durableOp);
    }
    return new End(link.lastOp(), link.lastTime(), link.chain(), open, segments, bytes, cutBytes);
  }

  private Link sealed(Path file, Link before) throws IOException {
    try (SegmentReader reader = SegmentReader.open(disk, file, dataKey)) {
      checkJoins(file, reader.header(), reader.opening(), before);
      SegmentTrailer trailer = reader.trailer();
      if (trailer == null || trailer.firstOp() != before.lastOp() + 1) {
        throw JournalFaults.damaged(
            file, reader.sizeBytes(), "it has no trailer, though a later segment exists");
      }
      checkLineage(
          file,
          Objects.requireNonNull(reader.header()),
          Objects.requireNonNull(reader.opening()),
          trailer.lastOp());
      bytes += reader.sizeBytes();
      Link link = new Link(trailer.lastOp(), trailer.lastTime(), trailer.chain());
      checkBranches(file, link);
      return link;
    }
  }

  private End last(Path file, Link before, int segments) throws IOException {
    SegmentScan scan = SegmentScan.of(disk, file, dataKey, (entry, reader, chain) -> {});
    if (scan == null) {
      // If the crash came while it was made, nothing of it was durable, and no entry was in it yet.
      if (before.lastOp() < durableOp || size(file) > newSegmentBytes(before)) {
        throw JournalFaults.damaged(file, 0, "its header or opening is not whole");
      }
      disk.delete(file);
      disk.syncDirectory(directory);
      return end(before, null, segments - 1);
    }
    checkJoins(file, scan.header(), scan.opening(), before);
    checkLineage(file, scan.header(), scan.opening(), scan.lastOp());
    SegmentReader.Ending.Broken broken = scan.broken();
    if (broken != null && (scan.closed() || scan.lastOp() < durableOp)) {
      throw JournalFaults.damaged(file, broken.offset(), broken.what());
    }
    Link link =
        new Link(
            scan.lastOp(),
            scan.lastOp() < scan.header().firstOp() ? before.lastTime() : scan.lastTime(),
            scan.chain());
    checkBranches(file, link);
    if (scan.closed()) {
      try (DiskFile sealed = disk.open(file)) {
        sealed.sync();
      }
      bytes += scan.sizeBytes();
      return end(link, null, segments);
    }
    cutBytes = scan.sizeBytes() - scan.wholeUntil();
    return end(link, scan, segments);
  }

  private long size(Path file) throws IOException {
    try (DiskFile in = disk.openForReading(file)) {
      return in.sizeBytes();
    }
  }

  /** Bytes of a segment that was just made: its header and opening. */
  private long newSegmentBytes(Link before) {
    SegmentOpening opening = new SegmentOpening(before.chain(), lineage.branches());
    return SegmentHeader.BYTES + FrameLayout.sealedBytes(opening.encode().length);
  }

  /** Its branches must be those of this history, up to its last op. */
  private void checkLineage(Path file, SegmentHeader header, SegmentOpening opening, long lastOp) {
    Branch last = opening.branches().getLast();
    if (!lineage.has(opening.branches(), Math.max(header.firstOp(), lastOp))
        || !header.branchId().equals(last.id())
        || header.epoch() != last.epoch()) {
      throw JournalFaults.wrongLineage(
          file, new Lineage(header.ledgerId(), opening.branches()), lineage);
    }
  }

  /** A branch begins where this history was then, not where another one was after as many ops. */
  private void checkBranches(Path file, Link link) {
    if (!lineage.leadsTo(link.lastOp(), Chain.hex(link.chain()))) {
      throw JournalFaults.wrongBeginning(file, link.lastOp(), Chain.hex(link.chain()), lineage);
    }
  }

  private void checkJoins(
      Path file, @Nullable SegmentHeader header, @Nullable SegmentOpening opening, Link before) {
    if (header == null || opening == null) {
      throw JournalFaults.damaged(file, 0, "its header or opening is not whole");
    }
    if (!header.ledgerId().equals(lineage.ledgerId())) {
      throw JournalFaults.damaged(
          file,
          16,
          "it belongs to ledger "
              + header.ledgerId().toHex()
              + ", not "
              + lineage.ledgerId().toHex());
    }
    // Before anything that a segment of another history would fail as if it were damaged.
    checkLineage(file, header, opening, header.firstOp());
    if (header.firstOp() != before.lastOp() + 1 || SegmentFiles.firstOp(file) != header.firstOp()) {
      throw JournalFaults.damaged(
          file, 64, "it begins with op " + header.firstOp() + ", not " + (before.lastOp() + 1));
    }
    if (!Arrays.equals(opening.chainBefore(), before.chain())) {
      throw JournalFaults.damaged(
          file, SegmentHeader.BYTES, "its chain does not go on from the segment before it");
    }
  }
}
