package io.holdfast.cluster;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One segment of the stored log, entry by entry.
 *
 * @param nextIndex the index after the last whole entry
 * @param endOffset where the last whole entry ends
 * @param tornBytes bytes of a torn entry after that; zeros that were written ahead do not count
 */
record SegmentScan(long nextIndex, long endOffset, long tornBytes) {
  private static final byte[] HEADER = {'R', 'a', 'f', 't', 'L', 'o', 'g', '1'};
  private static final int ENTRY_BYTES_MAX = 8 << 20;
  private static final ValueLayout.OfInt BIG_ENDIAN =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /** The tags of the first two fields of an entry: term and index, both varints. */
  private static final int TERM_TAG = 0x08;

  private static final int INDEX_TAG = 0x10;

  /**
   * Scans the segment.
   *
   * @param mayBeTorn whether it is the one that was being written
   */
  static SegmentScan of(Path file, long firstIndex, boolean mayBeTorn) {
    return of(file, firstIndex, mayBeTorn, (index, bytes) -> {});
  }

  /** As {@link #of(Path, long, boolean)}, and shows each whole entry to a visitor. */
  static SegmentScan of(Path file, long firstIndex, boolean mayBeTorn, Visitor visitor) {
    try (Arena arena = Arena.ofConfined()) {
      return new Walk(file, LogScan.map(file, arena), mayBeTorn).run(firstIndex, visitor);
    }
  }

  /** Sees entries of consensus in their order. */
  @FunctionalInterface
  interface Visitor {
    /**
     * @param bytes the entry as consensus encoded it; only until this returns
     */
    void entry(long index, MemorySegment bytes);
  }

  /** A whole entry: its bytes from {@code body} on, and where the next one begins. */
  private record Entry(long index, long body, long length, long end) {}

  private static final class Walk {
    private final Path file;
    private final MemorySegment bytes;
    private final long size;
    private final boolean mayBeTorn;

    Walk(Path file, MemorySegment bytes, boolean mayBeTorn) {
      this.file = file;
      this.bytes = bytes;
      this.size = bytes.byteSize();
      this.mayBeTorn = mayBeTorn;
    }

    SegmentScan run(long firstIndex, Visitor visitor) {
      if (!headerFits()) {
        if (mayBeTorn && (size <= HEADER.length || zerosFrom(0))) {
          return new SegmentScan(firstIndex, 0, size);
        }
        throw LogScan.damaged(file, 0, "it does not begin with RaftLog1");
      }
      long at = HEADER.length;
      long index = firstIndex;
      while (at < size) {
        Entry entry = entryAt(at);
        if (entry == null) {
          return end(at, index);
        }
        if (entry.index() != index) {
          throw LogScan.damaged(
              file, at, "it holds entry " + entry.index() + " where " + index + " belongs");
        }
        visitor.entry(index, bytes.asSlice(entry.body(), entry.length()));
        at = entry.end();
        index++;
      }
      return new SegmentScan(index, at, 0);
    }

    private SegmentScan end(long at, long index) {
      if (!mayBeTorn) {
        throw LogScan.damaged(file, at, "entry " + index + " does not fit its checksum");
      }
      if (zerosFrom(at)) {
        return new SegmentScan(index, at, 0);
      }
      for (long later = at + 1; later < size; later++) {
        Entry entry = plausible(later, index) ? entryAt(later) : null;
        if (entry != null) {
          throw LogScan.damaged(
              file,
              at,
              "entry "
                  + index
                  + " does not fit its checksum, but entry "
                  + entry.index()
                  + " behind it does");
        }
      }
      return new SegmentScan(index, at, size - at);
    }

    private boolean headerFits() {
      if (size < HEADER.length) {
        return false;
      }
      for (int i = 0; i < HEADER.length; i++) {
        if (bytes.get(JAVA_BYTE, i) != HEADER[i]) {
          return false;
        }
      }
      return true;
    }

    /**
     * Whether an entry with an index from {@code atLeast} on may begin here: cheap, no checksum.
     */
    private boolean plausible(long at, long atLeast) {
      long length = varint(at);
      if (length < 4 || length > ENTRY_BYTES_MAX) {
        return false;
      }
      long body = at + varintBytes(at);
      if (body + length + 4 > size || bytes.get(JAVA_BYTE, body) != TERM_TAG) {
        return false;
      }
      long index = indexIn(body);
      return index >= atLeast && index < atLeast + (1 << 24);
    }

    /** The whole entry that begins here, checksum and all; null if there is none. */
    private @Nullable Entry entryAt(long at) {
      long length = varint(at);
      if (length <= 0 || length > ENTRY_BYTES_MAX) {
        return null;
      }
      long body = at + varintBytes(at);
      long checksumAt = body + length;
      if (checksumAt + 4 > size) {
        return null;
      }
      CRC32C crc = new CRC32C();
      crc.update(bytes.asSlice(at, checksumAt - at).asByteBuffer());
      if ((int) crc.getValue() != bytes.get(BIG_ENDIAN, checksumAt)) {
        return null;
      }
      return new Entry(indexIn(body), body, length, checksumAt + 4);
    }

    /** The index field of an entry whose bytes begin here; a zero is left out of the encoding. */
    private long indexIn(long body) {
      long at = body;
      if (at < size && bytes.get(JAVA_BYTE, at) == TERM_TAG) {
        at += 1 + varintBytes(at + 1);
      }
      return at < size && bytes.get(JAVA_BYTE, at) == INDEX_TAG ? varint(at + 1) : 0;
    }

    private long varint(long at) {
      long value = 0;
      for (int i = 0; i < 10 && at + i < size; i++) {
        byte b = bytes.get(JAVA_BYTE, at + i);
        value |= (long) (b & 0x7F) << (7 * i);
        if (b >= 0) {
          return value;
        }
      }
      return -1;
    }

    private int varintBytes(long at) {
      for (int i = 0; i < 10 && at + i < size; i++) {
        if (bytes.get(JAVA_BYTE, at + i) >= 0) {
          return i + 1;
        }
      }
      return 10;
    }

    private boolean zerosFrom(long at) {
      for (long i = at; i < size; i++) {
        if (bytes.get(JAVA_BYTE, i) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
