package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * All movements in order of their timestamps: transfers, and between them the expiries of pending
 * ones; and the ids that failed. This is the seam behind which history may leave memory: the rules
 * know nothing of how it is kept.
 *
 * <p>An expiry is a record like the pending transfer it ends, with {@link #EXPIRY} among its flags
 * and the pending transfer's id in both id and pending_id; the index does not know it.
 *
 * <p>Beside its record each movement has:
 *
 * <pre>
 * 0 previous movement of the debit account (4)   4 previous movement of the credit account (4)
 * 8 of a pending transfer: what resolved it; of a post, void, expiry: the pending transfer (4)
 * 12 state (1)   13 unused (3)
 * </pre>
 *
 * Movements are named by their position + 1, so that 0 says none.
 */
final class TransferStore implements IdIndex.Ids {
  /** Marks an expiry among the flags; no flag of the public ones. */
  static final int EXPIRY = 1 << 15;

  static final int STATE_PLAIN = 0;
  static final int STATE_PENDING = 1;
  static final int STATE_POSTED = 2;
  static final int STATE_VOIDED = 3;
  static final int STATE_EXPIRED = 4;

  static final long NOT_FOUND = IdIndex.NOT_FOUND;

  /** In what {@link #find} returns: the id failed before; the other bits say where that is kept. */
  static final long FAILED = 1L << 35;

  private static final int SIDE_BYTES = 16;
  private static final int SIDE_PREVIOUS_DEBIT = 0;
  private static final int SIDE_PREVIOUS_CREDIT = 4;
  private static final int SIDE_RESOLUTION = 8;
  private static final int SIDE_STATE = 12;

  private final RecordStore records;
  private final RecordStore sides;
  private final IdIndex index;
  private final FailedIds failed;
  private final DetailsStore details;
  private long expiries;
  private long chainStart;

  TransferStore(Arena arena, long seed, int chunkShift) {
    this.records = new RecordStore(arena, TransferRecord.BYTES, chunkShift);
    this.sides = new RecordStore(arena, SIDE_BYTES, chunkShift);
    this.index = new IdIndex(arena, this, seed, chunkShift);
    this.failed = new FailedIds(arena, chunkShift);
    this.details = new DetailsStore(arena, chunkShift);
  }

  /** Movements so far: transfers and expiries. */
  long size() {
    return records.size();
  }

  long transferCount() {
    return records.size() - expiries;
  }

  long hash(long hi, long lo) {
    return index.hash(hi, lo);
  }

  /** Loads where the index will look for this hash. */
  long touchIndex(long hash) {
    return index.touch(hash);
  }

  /** The transfer's position; {@link #NOT_FOUND}; or, with {@link #FAILED} set, a failed id. */
  long find(long hash, long hi, long lo) {
    return index.find(hash, hi, lo);
  }

  /** The transfer's position, or {@link #NOT_FOUND}. */
  long findTransfer(long hi, long lo) {
    long found = index.find(hi, lo);
    return isTransfer(found) ? found : NOT_FOUND;
  }

  /** Whether what {@link #find} returned is a transfer. */
  static boolean isTransfer(long found) {
    return found >= 0 && (found & FAILED) == 0;
  }

  /** The number of the status that an id found to have {@link #FAILED} failed with. */
  int failedStatus(long found) {
    return failed.status(found ^ FAILED);
  }

  /** Remembers that an id that is not known failed. */
  void recordFailed(long hi, long lo, int status) {
    index.insert(index.hash(hi, lo), failed.append(hi, lo, status) | FAILED);
  }

  long at(long position) {
    return records.at(position);
  }

  RecordStore records() {
    return records;
  }

  FailedIds failed() {
    return failed;
  }

  DetailsStore details() {
    return details;
  }

  int flags(long position) {
    return Short.toUnsignedInt(
        RecordStore.MEMORY.get(JAVA_SHORT_UNALIGNED, at(position) + TransferRecord.FLAGS));
  }

  boolean isExpiry(long position) {
    return (flags(position) & EXPIRY) != 0;
  }

  long timestamp(long position) {
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, at(position) + TransferRecord.TIMESTAMP);
  }

  /** The timestamp of the newest movement; 0 when there is none. */
  long lastTimestamp() {
    return size() == 0 ? 0 : timestamp(size() - 1);
  }

  /** Whether a movement has exactly this timestamp. */
  boolean existsAt(long timestamp) {
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
    return low < size() && timestamp(low) == timestamp;
  }

  int state(long position) {
    return RecordStore.MEMORY.get(JAVA_INT_UNALIGNED, sides.at(position) + SIDE_STATE);
  }

  /** The pending transfer that this post, void or expiry resolved. */
  long resolved(long position) {
    return side(position, SIDE_RESOLUTION) - 1L;
  }

  /** When this pending transfer expires; {@link Long#MAX_VALUE} if never. */
  long expiry(long position) {
    MemorySegment record = RecordStore.MEMORY;
    long at = at(position);
    int timeout = record.get(JAVA_INT_UNALIGNED, at + TransferRecord.TIMEOUT);
    return timeout == 0
        ? Long.MAX_VALUE
        : record.get(JAVA_LONG_UNALIGNED, at + TransferRecord.TIMESTAMP)
            + Integer.toUnsignedLong(timeout) * ExpiryQueue.NANOS_PER_SECOND;
  }

  /** The movement of its debit account before this one, + 1. */
  int previousDebit(long position) {
    return side(position, SIDE_PREVIOUS_DEBIT);
  }

  /** The movement of its credit account before this one, + 1. */
  int previousCredit(long position) {
    return side(position, SIDE_PREVIOUS_CREDIT);
  }

  /** Copies a record in as the newest movement, under this timestamp; not yet known by its id. */
  long append(MemorySegment from, long fromAt, long timestamp, int state) {
    long position = records.append();
    sides.append();
    MemorySegment record = RecordStore.MEMORY;
    long at = at(position);
    MemorySegment.copy(from, fromAt, record, at, TransferRecord.BYTES);
    record.set(JAVA_LONG_UNALIGNED, at + TransferRecord.TIMESTAMP, timestamp);
    MemorySegment side = RecordStore.MEMORY;
    long sideAt = sides.at(position);
    side.set(JAVA_LONG_UNALIGNED, sideAt, 0);
    side.set(JAVA_INT_UNALIGNED, sideAt + SIDE_RESOLUTION, 0);
    side.set(JAVA_INT_UNALIGNED, sideAt + SIDE_STATE, state);
    return position;
  }

  /** Lets the newest movement be found by its id. */
  void publish(long hash, long position) {
    index.insert(hash, position);
  }

  void countExpiry() {
    expiries++;
  }

  void link(long position, int previousDebit, int previousCredit) {
    MemorySegment side = RecordStore.MEMORY;
    long at = sides.at(position);
    side.set(JAVA_INT_UNALIGNED, at + SIDE_PREVIOUS_DEBIT, previousDebit);
    side.set(JAVA_INT_UNALIGNED, at + SIDE_PREVIOUS_CREDIT, previousCredit);
  }

  /** Says that {@code by} resolved the pending transfer. */
  void resolve(long pending, long by, int state) {
    setSide(pending, SIDE_RESOLUTION, (int) (by + 1));
    setSide(pending, SIDE_STATE, state);
    setSide(by, SIDE_RESOLUTION, (int) (pending + 1));
  }

  void beginChain() {
    chainStart = size();
  }

  /** Takes back what happened since {@link #beginChain}. */
  void rollBackChain() {
    int resolving = TransferFlags.POST_PENDING_TRANSFER | TransferFlags.VOID_PENDING_TRANSFER;
    for (long position = size() - 1; position >= chainStart; position--) {
      if ((flags(position) & resolving) != 0) {
        long pending = resolved(position);
        setSide(pending, SIDE_RESOLUTION, 0);
        setSide(pending, SIDE_STATE, STATE_PENDING);
      }
      MemorySegment record = RecordStore.MEMORY;
      long at = at(position);
      long hash =
          index.hash(record.get(JAVA_LONG_UNALIGNED, at + 8), record.get(JAVA_LONG_UNALIGNED, at));
      index.remove(hash, position);
    }
    records.truncate(chainStart);
    sides.truncate(chainStart);
    details.truncate(chainStart);
  }

  @Override
  public boolean hasId(long position, long hi, long lo) {
    if ((position & FAILED) != 0) {
      return failed.hasId(position ^ FAILED, hi, lo);
    }
    MemorySegment record = RecordStore.MEMORY;
    long at = records.at(position);
    return record.get(JAVA_LONG_UNALIGNED, at) == lo
        && record.get(JAVA_LONG_UNALIGNED, at + 8) == hi;
  }

  private int side(long position, int field) {
    return RecordStore.MEMORY.get(JAVA_INT_UNALIGNED, sides.at(position) + field);
  }

  private void setSide(long position, int field, int value) {
    RecordStore.MEMORY.set(JAVA_INT_UNALIGNED, sides.at(position) + field, value);
  }
}
