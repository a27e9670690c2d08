package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The ids of transfers that failed with a transient status, in order of failing. An entry:
 *
 * <pre>
 * 0 id (16)   16 number of the status (4)   20 number of the event in its batch (4)
 * </pre>
 */
final class FailedIds {
  static final int BYTES = 24;
  private static final int STATUS = 16;
  private static final int EVENT = 20;

  private final RecordStore entries;

  FailedIds(Arena arena, int chunkShift) {
    this.entries = new RecordStore(arena, BYTES, chunkShift);
  }

  /** Adds an id that is not among them and returns its position. */
  long append(long hi, long lo, int status, int event) {
    long position = entries.append();
    MemorySegment chunk = RecordStore.MEMORY;
    long at = entries.at(position);
    chunk.set(JAVA_LONG_UNALIGNED, at, lo);
    chunk.set(JAVA_LONG_UNALIGNED, at + 8, hi);
    chunk.set(JAVA_INT_UNALIGNED, at + STATUS, status);
    chunk.set(JAVA_INT_UNALIGNED, at + EVENT, event);
    return position;
  }

  boolean hasId(long position, long hi, long lo) {
    MemorySegment chunk = RecordStore.MEMORY;
    long at = entries.at(position);
    return chunk.get(JAVA_LONG_UNALIGNED, at) == lo && chunk.get(JAVA_LONG_UNALIGNED, at + 8) == hi;
  }

  int status(long position) {
    return RecordStore.MEMORY.get(JAVA_INT_UNALIGNED, entries.at(position) + STATUS);
  }

  int event(long position) {
    return RecordStore.MEMORY.get(JAVA_INT_UNALIGNED, entries.at(position) + EVENT);
  }

  long hi(long position) {
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, entries.at(position) + 8);
  }

  long lo(long position) {
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, entries.at(position));
  }

  RecordStore entries() {
    return entries;
  }
}
