package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.Invariants;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Puts entries into segments in order of their ops. For one thread, unless a method says otherwise.
 */
final class JournalWriter implements AutoCloseable {
  private static final long SYNCED_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(3600);

  private final Disk disk;
  private final Path directory;
  private final DataKey dataKey;
  private final Lineage lineage;
  private final UUID group;
  private final long segmentBytes;
  private final Chain chain;
  private final OpPlaces places;
  private @Nullable SegmentWriter segment;
  private long lastOp;
  private long sealedBytes;
  private int segments;
  private long unsyncedBytes;
  private long unsyncedSince;
  private volatile JournalStats stats;
  private volatile ChainPoint chainPoint;
  private volatile Beginning beginning;
  private volatile long hurriedOp;
  private volatile long keptOp;
  private volatile @Nullable ChainPoint kept;

  /** The chain after an op. */
  record ChainPoint(long op, byte[] chain) {}

  /**
   * What is on disk of the segment that is written; those that begin before it are sealed.
   *
   * @param firstOp its first op, or that of the one that will be made
   * @param sizeBytes 0 when it is not made yet
   */
  record Beginning(long firstOp, long sizeBytes) {}

  /**
   * @param places is told where each entry lies
   */
  JournalWriter(Journal.Setup setup, JournalRecovery.End end, OpPlaces places) throws IOException {
    this.places = places;
    this.disk = setup.disk();
    this.directory = setup.directory();
    this.dataKey = setup.dataKey();
    this.lineage = setup.lineage();
    this.group = setup.group();
    this.segmentBytes = setup.segmentBytes();
    this.chain = new Chain(end.chain());
    this.chainPoint = new ChainPoint(end.lastOp(), end.chain());
    this.lastOp = end.lastOp();
    this.sealedBytes = end.sealedBytes();
    this.segments = end.segments();
    SegmentScan open = end.open();
    if (open != null) {
      this.segment = SegmentWriter.reopen(disk, open, dataKey, segmentBytes);
    }
    this.stats = new JournalStats(lastOp, lastOp, segments, sizeBytes());
    this.beginning = beginningNow();
  }

  /** What others can have of the segment that is written. For any thread. */
  Beginning beginning() {
    return beginning;
  }

  private Beginning beginningNow() {
    return segment == null
        ? new Beginning(lastOp + 1, 0)
        : new Beginning(segment.header().firstOp(), segment.sizeBytes());
  }

  JournalStats stats() {
    return stats;
  }

  /** The chain after the last entry that was taken in, or was there at the start. */
  ChainPoint chainPoint() {
    return chainPoint;
  }

  /** Keeps the chain after an op that is still to come. For any thread. */
  void keepChain(long op) {
    keptOp = op;
  }

  /** The chain after an op that was to be kept; null until it came. For any thread. */
  byte @Nullable [] keptChain(long op) {
    ChainPoint point = kept;
    return point == null || point.op() != op ? null : point.chain();
  }

  /** Takes the entry in; it still lacks its checksum. */
  void write(byte[] bytes, int at, int length) throws IOException {
    ByteBuffer entry = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    entry.putInt(at + EntryLayout.CRC_AT, EntryLayout.crc(bytes, at, length));
    long op = entry.getLong(at + EntryLayout.OP_AT);
    Invariants.check(op == lastOp + 1, "each op is journalled once, in order", lastOp + 1, op);
    checkBranch(op, entry.getLong(at + EntryLayout.EPOCH_AT));
    SegmentWriter current = segmentFor(op, length);
    chain.add(bytes, at, length);
    long before = current.sizeBytes();
    places.add(op, current.header().firstOp(), before);
    current.append(bytes, at, length, chain.entryDigest());
    lastOp = op;
    chainPoint = new ChainPoint(op, chain.value());
    if (op == keptOp) {
      kept = chainPoint;
    }
    if (unsyncedBytes == 0) {
      unsyncedSince = System.nanoTime();
    }
    unsyncedBytes += current.sizeBytes() - before;
  }

  /** An entry belongs to one branch: its epoch says so, and it comes where that has begun. */
  private void checkBranch(long op, long epoch) {
    Branch branch = lineage.current();
    Invariants.check(
        epoch == branch.epoch(), "an entry has its branch's epoch", branch.epoch(), epoch);
    Invariants.check(
        op >= branch.firstOp(), "a branch has no op before its first", branch.firstOp(), op);
  }

  private SegmentWriter segmentFor(long op, int length) throws IOException {
    SegmentWriter current = segment;
    if (current != null) {
      boolean sameHistory =
          current.header().group().equals(group)
              && current.header().branchId().equals(lineage.current().id());
      if (sameHistory && current.hasRoomFor(length)) {
        return current;
      }
      end(current);
    }
    SegmentHeader header =
        new SegmentHeader(
            dataKey.keyId(),
            lineage.ledgerId(),
            lineage.current().id(),
            group,
            op,
            lineage.current().epoch());
    SegmentOpening opening = new SegmentOpening(chain.value(), lineage.branches());
    current = SegmentWriter.create(disk, directory, header, opening, dataKey, segmentBytes);
    segment = current;
    segments++;
    return current;
  }

  /** Seals a segment; one without an entry makes room for another of its name. */
  private void end(SegmentWriter current) throws IOException {
    segment = null;
    if (current.isEmpty()) {
      current.close();
      disk.delete(SegmentFiles.file(directory, current.header().firstOp()));
      segments--;
      return;
    }
    current.finish(chain.value());
    sealedBytes += current.sizeBytes();
    current.close();
    synced();
  }

  /** Hands to the file what was written, for those who read it. */
  void flush() throws IOException {
    if (segment != null && lastOp > stats.lastOp()) {
      segment.flush();
      stats = new JournalStats(lastOp, stats.syncedOp(), segments, sizeBytes());
    }
  }

  long nanosUntilSync() {
    return unsyncedBytes == 0
        ? IDLE_NANOS
        : Math.max(0, unsyncedSince + SYNCED_EVERY_NANOS - System.nanoTime());
  }

  /** Lets what was written up to this op be synced as soon as it can. For any thread. */
  void hurry(long op) {
    hurriedOp = op;
  }

  void syncIfDue() throws IOException {
    boolean hurried = stats.syncedOp() < hurriedOp && hurriedOp <= lastOp;
    if (hurried || unsyncedBytes >= Journal.UNSYNCED_BYTES_MAX || nanosUntilSync() == 0) {
      sync();
    }
  }

  /** Returns when all that was written is on disk. */
  void sync() throws IOException {
    if (segment != null && unsyncedBytes > 0) {
      segment.sync();
      synced();
    }
  }

  private void synced() {
    unsyncedBytes = 0;
    beginning = beginningNow();
    stats = new JournalStats(lastOp, lastOp, segments, sizeBytes());
  }

  private long sizeBytes() {
    return sealedBytes + (segment == null ? 0 : segment.sizeBytes());
  }

  @Override
  public void close() throws IOException {
    if (segment != null) {
      segment.close();
    }
  }
}
