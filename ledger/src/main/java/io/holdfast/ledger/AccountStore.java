package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * All accounts, in order of their timestamps. Every change of an account goes through {@link
 * #touch} first, which keeps what it looked like before: once per check that money is conserved,
 * and each time inside a chain, to take a failed one back.
 *
 * <p>Beside its record each account has what the record does not say:
 *
 * <pre>
 *  0 last movement: its number + 1, 0 for none (8)
 *  8 flags as created (2)   10 unused (2)   12 newest reservation: its slot + 1, 0 for none (4)
 * 16 round of checks that last touched it (8)   24 unused (8)
 * </pre>
 */
final class AccountStore implements IdIndex.Ids {
  static final int NOT_FOUND = (int) IdIndex.NOT_FOUND;

  static final int SIDE_BYTES = 32;
  private static final int SIDE_CREATED_FLAGS = 8;
  private static final int SIDE_RESERVATION = 12;
  static final int SIDE_TOUCHED = 16;

  private final RecordStore records;
  private final RecordStore sides;
  private final IdIndex index;
  private final TouchLog before;
  private final TouchLog undo;
  private long round = 1; // accounts begin with 0
  private boolean inChain;
  private long chainStart;
  private @Nullable FrozenPages frozen;
  private @Nullable FrozenPages frozenSides;

  AccountStore(Arena arena, long seed, int chunkShift) {
    this.records = new RecordStore(arena, AccountRecord.BYTES, chunkShift);
    this.sides = new RecordStore(arena, SIDE_BYTES, chunkShift);
    this.index = new IdIndex(arena, this, seed, chunkShift);
    this.before = new TouchLog(arena);
    this.undo = new TouchLog(arena);
  }

  long size() {
    return records.size();
  }

  /** The position of the account with this id, or {@link #NOT_FOUND}. */
  int find(long hi, long lo) {
    return (int) index.find(index.hash(hi, lo), hi, lo);
  }

  int find(long hash, long hi, long lo) {
    return (int) index.find(hash, hi, lo);
  }

  long hash(long hi, long lo) {
    return index.hash(hi, lo);
  }

  /** Loads where the index will look for this hash. */
  long touchIndex(long hash) {
    return index.touch(hash);
  }

  /** Loads what a transfer reads and changes of this account; its id was loaded by the look-up. */
  long touchRecord(int position) {
    return flags(position) + RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, sides.at(position));
  }

  long at(long position) {
    return records.at(position);
  }

  RecordStore records() {
    return records;
  }

  int ledger(long position) {
    return RecordStore.MEMORY.get(JAVA_INT_UNALIGNED, at(position) + AccountRecord.LEDGER);
  }

  int flags(long position) {
    return Short.toUnsignedInt(
        RecordStore.MEMORY.get(JAVA_SHORT_UNALIGNED, at(position) + AccountRecord.FLAGS));
  }

  int createdFlags(long position) {
    return Short.toUnsignedInt(
        RecordStore.MEMORY.get(JAVA_SHORT_UNALIGNED, sides.at(position) + SIDE_CREATED_FLAGS));
  }

  long timestamp(long position) {
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, at(position) + AccountRecord.TIMESTAMP);
  }

  /** The number + 1 of the last transfer or expiry that moved this account; 0 for none. */
  long lastMovement(long position) {
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, sides.at(position));
  }

  /** The slot + 1 of the newest reservation on this account; 0 for none. */
  int newestReservation(long position) {
    return RecordStore.MEMORY.get(JAVA_INT_UNALIGNED, sides.at(position) + SIDE_RESERVATION);
  }

  void setNewestReservation(long position, int slot) {
    RecordStore.MEMORY.set(JAVA_INT_UNALIGNED, sides.at(position) + SIDE_RESERVATION, slot);
  }

  /** The timestamp of the newest account; 0 when there is none. */
  long lastTimestamp() {
    return size() == 0 ? 0 : timestamp(size() - 1);
  }

  /** The first account whose timestamp is at least this. */
  long lowerBound(long timestamp) {
    long low = 0;
    long high = size();
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (timestamp(middle) < timestamp) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  boolean existsAt(long timestamp) {
    long position = lowerBound(timestamp);
    return position < size() && timestamp(position) == timestamp;
  }

  /** Adds the account that a request holds at {@code from}, under its timestamp here. */
  void append(MemorySegment request, long from, long timestamp) {
    long position = records.append();
    sides.append();
    MemorySegment record = RecordStore.MEMORY;
    long at = at(position);
    MemorySegment.copy(request, from, record, at, AccountRecord.BYTES);
    record.set(JAVA_LONG_UNALIGNED, at + AccountRecord.TIMESTAMP, timestamp);
    MemorySegment side = RecordStore.MEMORY;
    long sideAt = sides.at(position);
    side.set(JAVA_LONG_UNALIGNED, sideAt, 0);
    side.set(JAVA_INT_UNALIGNED, sideAt + SIDE_RESERVATION, 0);
    side.set(
        JAVA_SHORT_UNALIGNED,
        sideAt + SIDE_CREATED_FLAGS,
        record.get(JAVA_SHORT_UNALIGNED, at + AccountRecord.FLAGS));
    side.set(JAVA_LONG_UNALIGNED, sideAt + SIDE_TOUCHED, 0);
    index.insert(hashOf(position), position);
  }

  /** Keeps everything as it is now for a reader, while it goes on changing. */
  void freeze(FrozenPages pages, FrozenPages sidePages) {
    frozen = pages;
    frozenSides = sidePages;
  }

  void thaw() {
    frozen = null;
    frozenSides = null;
  }

  RecordStore sides() {
    return sides;
  }

  /** Adds an account whose record was read from a checkpoint. */
  void restore(MemorySegment from, long at) {
    long position = records.append();
    MemorySegment.copy(from, at, RecordStore.MEMORY, at(position), AccountRecord.BYTES);
    index.insert(hashOf(position), position);
  }

  /** Adds what the next account has beside its record, as it was read from a checkpoint. */
  void restoreSide(MemorySegment from, long at) {
    MemorySegment.copy(from, at, RecordStore.MEMORY, sides.at(sides.append()), SIDE_BYTES);
  }

  /** To be called before an account is changed. */
  void touch(long position) {
    if (frozen != null && frozenSides != null) {
      frozen.beforeChange(position);
      frozenSides.beforeChange(position);
    }
    MemorySegment side = RecordStore.MEMORY;
    long sideAt = sides.at(position);
    if (side.get(JAVA_LONG_UNALIGNED, sideAt + SIDE_TOUCHED) != round) {
      side.set(JAVA_LONG_UNALIGNED, sideAt + SIDE_TOUCHED, round);
      before.add(position, RecordStore.MEMORY, at(position), 0);
    }
    if (inChain) {
      undo.add(position, RecordStore.MEMORY, at(position), lastMovement(position));
    }
  }

  /** Adds to a balance; the caller has made sure that it does not overflow. */
  void add(long position, int field, long hi, long lo) {
    MemorySegment record = RecordStore.MEMORY;
    long at = at(position) + field;
    long oldLo = record.get(JAVA_LONG_UNALIGNED, at);
    long oldHi = record.get(JAVA_LONG_UNALIGNED, at + 8);
    record.set(JAVA_LONG_UNALIGNED, at, oldLo + lo);
    record.set(JAVA_LONG_UNALIGNED, at + 8, Halves.sumHi(oldHi, oldLo, hi, lo));
  }

  /** Takes from a balance what was added to it before. */
  void subtract(long position, int field, long hi, long lo) {
    MemorySegment record = RecordStore.MEMORY;
    long at = at(position) + field;
    long oldLo = record.get(JAVA_LONG_UNALIGNED, at);
    long oldHi = record.get(JAVA_LONG_UNALIGNED, at + 8);
    record.set(JAVA_LONG_UNALIGNED, at, oldLo - lo);
    record.set(JAVA_LONG_UNALIGNED, at + 8, Halves.differenceHi(oldHi, oldLo, hi, lo));
  }

  void setClosed(long position, boolean closed) {
    int flags = flags(position);
    int changed = closed ? flags | AccountFlags.CLOSED : flags & ~AccountFlags.CLOSED;
    RecordStore.MEMORY.set(
        JAVA_SHORT_UNALIGNED, at(position) + AccountRecord.FLAGS, (short) changed);
  }

  /** Makes this the account's last movement and returns the one before it. */
  long replaceLastMovement(long position, long movement) {
    MemorySegment side = RecordStore.MEMORY;
    long at = sides.at(position);
    long previous = side.get(JAVA_LONG_UNALIGNED, at);
    side.set(JAVA_LONG_UNALIGNED, at, movement);
    return previous;
  }

  /** From now on every account counts as not touched. */
  void forgetTouched() {
    round++;
    before.clear();
  }

  /** The accounts touched since {@link #forgetTouched}, each once, as they were then. */
  TouchLog touched() {
    return before;
  }

  void beginChain() {
    inChain = true;
    chainStart = size();
    undo.clear();
  }

  void commitChain() {
    inChain = false;
  }

  /** Takes back what happened since {@link #beginChain}. */
  void rollBackChain() {
    inChain = false;
    for (long i = undo.size() - 1; i >= 0; i--) {
      long position = undo.position(i);
      undo.restore(i, RecordStore.MEMORY, at(position));
      replaceLastMovement(position, undo.lastMovement(i));
    }
    for (long position = size() - 1; position >= chainStart; position--) {
      index.remove(hashOf(position), position);
    }
    records.truncate(chainStart);
    sides.truncate(chainStart);
  }

  @Override
  public boolean hasId(long position, long hi, long lo) {
    MemorySegment record = RecordStore.MEMORY;
    long at = records.at(position);
    return record.get(JAVA_LONG_UNALIGNED, at) == lo
        && record.get(JAVA_LONG_UNALIGNED, at + 8) == hi;
  }

  private long hashOf(long position) {
    MemorySegment record = RecordStore.MEMORY;
    long at = at(position);
    return index.hash(record.get(JAVA_LONG_UNALIGNED, at + 8), record.get(JAVA_LONG_UNALIGNED, at));
  }
}
