package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What accounts looked like before they were changed, in the order of the changes. An image holds
 * all that a transfer can change:
 *
 * <pre>
 * 0 balances, as in the account's record (64)   64 position (8)
 * 72 last movement + 1 (8)                      80 flags (2)      82 unused (6)
 * </pre>
 */
final class TouchLog {
  private static final int BYTES = 88;
  private static final int BALANCES_BYTES = 64;
  private static final int POSITION = 64;
  private static final int LAST_MOVEMENT = 72;
  private static final int FLAGS = 80;
  private static final int CHUNK_SHIFT = 10; // 128 KiB

  private final RecordStore images;

  TouchLog(Arena arena) {
    this.images = new RecordStore(arena, BYTES, CHUNK_SHIFT);
  }

  long size() {
    return images.size();
  }

  void clear() {
    images.truncate(0);
  }

  /** Keeps what the account looks like now. */
  void add(long position, MemorySegment account, long at, long lastMovement) {
    long entry = images.append();
    MemorySegment to = RecordStore.MEMORY;
    long toAt = images.at(entry);
    for (int i = 0; i < BALANCES_BYTES; i += Long.BYTES) {
      to.set(
          JAVA_LONG_UNALIGNED,
          toAt + i,
          account.get(JAVA_LONG_UNALIGNED, at + AccountRecord.DEBITS_PENDING + i));
    }
    to.set(JAVA_LONG_UNALIGNED, toAt + POSITION, position);
    to.set(JAVA_LONG_UNALIGNED, toAt + LAST_MOVEMENT, lastMovement);
    to.set(
        JAVA_SHORT_UNALIGNED,
        toAt + FLAGS,
        account.get(JAVA_SHORT_UNALIGNED, at + AccountRecord.FLAGS));
  }

  /** Which account image {@code i} is of. */
  long position(long i) {
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, images.at(i) + POSITION);
  }

  long lastMovement(long i) {
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, images.at(i) + LAST_MOVEMENT);
  }

  /** Half of a balance in image {@code i}; the field as in {@link AccountRecord}, plus 8 for hi. */
  long half(long i, int field) {
    return RecordStore.MEMORY.get(
        JAVA_LONG_UNALIGNED, images.at(i) + field - AccountRecord.DEBITS_PENDING);
  }

  /** Writes balances and flags of image {@code i} back. */
  void restore(long i, MemorySegment account, long at) {
    MemorySegment from = RecordStore.MEMORY;
    long fromAt = images.at(i);
    MemorySegment.copy(from, fromAt, account, at + AccountRecord.DEBITS_PENDING, BALANCES_BYTES);
    account.set(
        JAVA_SHORT_UNALIGNED,
        at + AccountRecord.FLAGS,
        from.get(JAVA_SHORT_UNALIGNED, fromAt + FLAGS));
  }
}
