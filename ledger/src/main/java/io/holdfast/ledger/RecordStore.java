package io.holdfast.ledger;

import io.holdfast.kernel.Invariants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Records of one fixed size, off-heap, addressed by their position: 0, 1, 2 … in order of creation.
 * Memory comes in chunks that never move, so a record stays where it is while the store grows.
 *
 * <p>Records are read and written through {@link #MEMORY} at the place that {@link #at} gives,
 * which lies in a chunk of this store whatever the position; fields stay within the record. Going
 * through the chunks' own segments costs the ledger a fifth of its speed. So nothing may use a
 * store whose arena is closed.
 *
 * <p>Only the tail can be taken back ({@link #truncate}), which is what a failed chain needs.
 */
final class RecordStore {
  /** 32,768 records: 4 MiB of accounts or transfers. */
  static final int CHUNK_SHIFT = 15;

  /** All memory: a constant, so that nothing about it has to be looked up at each access. */
  @SuppressWarnings("restricted")
  static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private final Arena arena;
  private final int recordBytes;
  private final int shift;
  private final long mask;
  private long[] chunks = new long[4]; // where each begins
  private int chunkCount;
  private long size;

  /**
   * @param chunkShift how large chunks are: binary logarithm of the records of 128 bytes, or of as
   *     many bytes, that one holds
   */
  RecordStore(Arena arena, int recordBytes, int chunkShift) {
    int bytesShift = chunkShift + Integer.numberOfTrailingZeros(TransferRecord.BYTES);
    this.arena = arena;
    this.recordBytes = recordBytes;
    this.shift = Math.max(1, bytesShift - ceilingLog2(recordBytes));
    this.mask = (1L << shift) - 1;
  }

  /** Makes room for one more record and returns its position; its bytes are whatever was there. */
  long append() {
    long position = size;
    if ((position >>> shift) == chunkCount) {
      addChunk();
    }
    size = position + 1;
    return position;
  }

  /** Where in {@link #MEMORY} the record begins. */
  long at(long position) {
    return chunks[(int) (position >>> shift)] + (position & mask) * recordBytes;
  }

  long size() {
    return size;
  }

  /** Forgets all records from this position on. */
  void truncate(long newSize) {
    Invariants.check(newSize >= 0 && newSize <= size, "a store is only cut back", size, newSize);
    size = newSize;
  }

  /** The records from {@code position} to the end of its chunk or of the store. */
  MemorySegment run(long position) {
    long records = Math.min(size - position, mask + 1 - (position & mask));
    return MEMORY.asSlice(at(position), records * recordBytes);
  }

  /** The position after the last that lies in one piece with this one. For any thread. */
  long chunkEnd(long position) {
    return (position | mask) + 1;
  }

  /** The position after those that {@link #run} of this position holds. */
  long runEnd(long position) {
    return Math.min(size, (position | mask) + 1);
  }

  private static int ceilingLog2(int value) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(value - 1);
  }

  private void addChunk() {
    if (chunkCount == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunkCount * 2);
    }
    chunks[chunkCount] = arena.allocate((long) recordBytes << shift, 4096).address();
    chunkCount++;
  }
}
