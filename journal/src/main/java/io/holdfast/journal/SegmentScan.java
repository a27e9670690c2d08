package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a whole reading of one segment found: every frame opened, every entry checked, the chain
 * computed anew.
 *
 * @param lastOp of the last whole entry; the one before the first if there is none
 * @param chain after the last whole entry
 * @param wholeUntil where the last whole entry ends
 * @param broken where and why the file is not what was written; null if it is
 */
record SegmentScan(
    Path file,
    SegmentHeader header,
    SegmentOpening opening,
    long lastOp,
    long events,
    long created,
    long firstTime,
    long lastTime,
    byte[] chain,
    long wholeUntil,
    long sizeBytes,
    boolean closed,
    SegmentReader.Ending.@Nullable Broken broken) {

  /** Who sees each entry that a scan found whole. */
  @FunctionalInterface
  interface EntryVisitor {
    /**
     * @param reader at that entry
     * @param chain after it
     */
    void entry(Entry entry, SegmentReader reader, Chain chain) throws IOException;
  }

  /** Reads a segment; null when not even its opening is whole. */
  static @Nullable SegmentScan of(Disk disk, Path file, DataKey dataKey, EntryVisitor visitor)
      throws IOException {
    return of(disk, file, dataKey, Long.MAX_VALUE, visitor);
  }

  /** Reads a segment up to an op, as if nothing came after it. */
  static @Nullable SegmentScan upTo(Disk disk, Path file, DataKey dataKey, long op)
      throws IOException {
    return of(disk, file, dataKey, op, (entry, reader, chain) -> {});
  }

  private static @Nullable SegmentScan of(
      Disk disk, Path file, DataKey dataKey, long untilOp, EntryVisitor visitor)
      throws IOException {
    try (SegmentReader reader = SegmentReader.open(disk, file, dataKey)) {
      SegmentHeader header = reader.header();
      SegmentOpening opening = reader.opening();
      if (header == null || opening == null) {
        return null;
      }
      Chain chain = new Chain(opening.chainBefore());
      long lastOp = header.firstOp() - 1;
      long events = 0;
      long created = 0;
      long firstTime = 0;
      long lastTime = 0;
      while (lastOp < untilOp) {
        Entry entry = reader.next();
        if (entry == null) {
          break;
        }
        entry.addTo(chain);
        firstTime = lastOp < header.firstOp() ? entry.timeNanos() : firstTime;
        lastTime = entry.timeNanos();
        lastOp = entry.op();
        events += entry.events();
        created += entry.created();
        visitor.entry(entry, reader, chain);
      }
      return new SegmentScan(
          file,
          header,
          opening,
          lastOp,
          events,
          created,
          firstTime,
          lastTime,
          chain.value(),
          reader.wholeUntil(),
          reader.sizeBytes(),
          reader.ending() instanceof SegmentReader.Ending.Sealed,
          broken(reader, chain, events));
    }
  }

  private static SegmentReader.Ending.@Nullable Broken broken(
      SegmentReader reader, Chain chain, long events) {
    return switch (reader.ending()) {
      case null -> null;
      case SegmentReader.Ending.Broken broken -> broken;
      case SegmentReader.Ending.Open open -> null;
      case SegmentReader.Ending.Sealed end ->
          chain.is(end.trailer().chain()) && end.trailer().events() == events
              ? null
              : new SegmentReader.Ending.Broken(
                  reader.wholeUntil(), "its trailer does not fit the chain of its entries");
    };
  }
}
