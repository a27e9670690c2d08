package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * All that consecutive ops left behind: movements in order of their timestamps, ids that failed,
 * details. The newest generation grows; an earlier one never changes, until the ledger is told to
 * forget it because it can be found elsewhere.
 *
 * <p>Beside its record each movement has:
 *
 * <pre>
 * 0 how many movements ago its debit account had one (4)   4 the same of its credit account (4)
 * 8 number of the debit account (4)                       12 number of the credit account (4)
 * </pre>
 *
 * and the number of its event in the batch (2). A distance of 0 says that there is none before, one
 * of 2^32 − 1 that it is at least that far away.
 */
public final class Generation implements IdIndex.Ids {
  private static final long FAILED_HERE = 1L << 35;
  private static final int SIDE_BYTES = 16;
  private static final int SIDE_DEBIT_DISTANCE = 0;
  private static final int SIDE_CREDIT_DISTANCE = 4;
  private static final int SIDE_DEBIT = 8;
  private static final int SIDE_CREDIT = 12;
  private static final long FAR = 0xFFFF_FFFFL;

  private final RecordStore records;
  private final RecordStore sides;
  private final RecordStore events;
  private final IdIndex ids;
  private final Resolutions resolutions;
  private final FailedIds failed;
  private final DetailsStore details;
  private long firstOp;
  private long firstMovement;
  private long opTime; // an event's number is its timestamp less this
  private int ops;
  private int[] movementStarts = new int[1024];
  private int[] failedStarts = new int[1024];
  private long weight;
  private long chainStart;

  /** Who hears of everything in a generation, op by op. */
  public interface Visitor {
    /**
     * An op begins.
     *
     * @param firstTimestamp of its first movement; 0 when it has none
     */
    void op(long op, long firstTimestamp, int movements);

    /**
     * A movement of this op, in order.
     *
     * @param event its number in the batch; of a pulse, in the order of release
     * @param pendingHi of the id of the pending transfer that it resolves
     * @param releasedHi of what it takes from what is pending
     */
    void movement(
        int event,
        MovementKind kind,
        long idHi,
        long idLo,
        long pendingHi,
        long pendingLo,
        int debitAccount,
        int creditAccount,
        long amountHi,
        long amountLo,
        long releasedHi,
        long releasedLo);

    /** An id that failed in this op for good. */
    void failed(int event, long hi, long lo);
  }

  Generation(Arena arena, long seed, int chunkShift) {
    this.records = new RecordStore(arena, TransferRecord.BYTES, chunkShift);
    this.sides = new RecordStore(arena, SIDE_BYTES, chunkShift);
    this.events = new RecordStore(arena, Short.BYTES, chunkShift);
    this.ids = new IdIndex(arena, this, seed, chunkShift);
    this.resolutions = new Resolutions(arena, seed, chunkShift, records);
    this.failed = new FailedIds(arena, chunkShift);
    this.details = new DetailsStore(arena, chunkShift);
  }

  /** Makes it an empty one that begins with this op and movement. */
  void begin(long op, long movement) {
    firstOp = op;
    firstMovement = movement;
    ops = 0;
    weight = 0;
  }

  /** Forgets everything; what it found room in is kept. */
  void clear() {
    records.truncate(0);
    sides.truncate(0);
    events.truncate(0);
    ids.clear();
    resolutions.clear();
    failed.entries().truncate(0);
    details.truncate(0);
  }

  public long firstOp() {
    return firstOp;
  }

  /** The last op in it; the one before the first when it is empty. */
  public long lastOp() {
    return firstOp + ops - 1;
  }

  /** The number, from 0 over all history, of its first movement. */
  public long firstMovement() {
    return firstMovement;
  }

  /** How many movements it has. */
  public long movements() {
    return records.size();
  }

  /** How much has happened in it: events, refused ones included, and ops. */
  long weight() {
    return weight;
  }

  /**
   * The next op begins.
   *
   * @param itsTime the timestamp that its first event gets
   */
  void beginOp(long itsTime) {
    if (ops == movementStarts.length) {
      movementStarts = Arrays.copyOf(movementStarts, 2 * ops);
      failedStarts = Arrays.copyOf(failedStarts, 2 * ops);
    }
    movementStarts[ops] = (int) records.size();
    failedStarts[ops] = (int) failed.entries().size();
    ops++;
    opTime = itsTime;
  }

  void endOp(int eventsOfIt) {
    weight += 1L + eventsOfIt;
  }

  /** Tells of everything in order. For any thread, while nothing is added. */
  public void visit(Visitor visitor) {
    long release = 0;
    for (int i = 0; i < ops; i++) {
      long from = movementStarts[i];
      long to = i + 1 < ops ? movementStarts[i + 1] : records.size();
      visitor.op(firstOp + i, from == to ? 0 : timestamp(from), (int) (to - from));
      for (long at = from; at < to; at++) {
        release = visit(visitor, at, release);
      }
      long failedTo = i + 1 < ops ? failedStarts[i + 1] : failed.entries().size();
      for (long at = failedStarts[i]; at < failedTo; at++) {
        visitor.failed(failed.event(at), failed.hi(at), failed.lo(at));
      }
    }
  }

  private long visit(Visitor visitor, long i, long release) {
    long at = records.at(i);
    MovementKind kind = MovementKind.of(flags(i));
    long amountLo = half(at, TransferRecord.AMOUNT);
    long amountHi = half(at, TransferRecord.AMOUNT + 8);
    boolean post = kind == MovementKind.POST;
    visitor.movement(
        Short.toUnsignedInt(RecordStore.MEMORY.get(JAVA_SHORT_UNALIGNED, events.at(i))),
        kind,
        half(at, TransferRecord.ID + 8),
        half(at, TransferRecord.ID),
        half(at, TransferRecord.PENDING_ID + 8),
        half(at, TransferRecord.PENDING_ID),
        debit(i),
        credit(i),
        amountHi,
        amountLo,
        post ? resolutions.releasedHi(release) : kind.resolves() ? amountHi : 0,
        post ? resolutions.releasedLo(release) : kind.resolves() ? amountLo : 0);
    return post ? release + 1 : release;
  }

  long hash(long hi, long lo) {
    return ids.hash(hi, lo);
  }

  /** Loads where the index will look for this hash. */
  long touchIndex(long hash) {
    return ids.touch(hash);
  }

  /** As {@link TransferStore#find}. */
  long find(long hash, long hi, long lo) {
    long here = ids.find(hash, hi, lo);
    if (here == IdIndex.NOT_FOUND) {
      return TransferStore.NOT_FOUND;
    }
    return (here & FAILED_HERE) == 0
        ? firstMovement + here
        : failed.status(here ^ FAILED_HERE) | TransferStore.FAILED;
  }

  /** Remembers that an id that is not known failed, at this timestamp. */
  void recordFailed(long hash, long hi, long lo, int status, long timestamp) {
    long entry = failed.append(hi, lo, status, (int) (timestamp - opTime));
    ids.insert(hash, entry | FAILED_HERE);
  }

  /** Copies a record in as the newest movement; not yet known by its id. */
  long append(MemorySegment from, long fromAt, long timestamp, long eventTimestamp) {
    long here = records.append();
    sides.append();
    MemorySegment memory = RecordStore.MEMORY;
    long at = records.at(here);
    MemorySegment.copy(from, fromAt, memory, at, TransferRecord.BYTES);
    memory.set(JAVA_LONG_UNALIGNED, at + TransferRecord.TIMESTAMP, timestamp);
    memory.set(JAVA_SHORT_UNALIGNED, events.at(events.append()), (short) (eventTimestamp - opTime));
    return here;
  }

  void link(long here, int debit, long debitDistance, int credit, long creditDistance) {
    MemorySegment side = RecordStore.MEMORY;
    long at = sides.at(here);
    side.set(JAVA_INT_UNALIGNED, at + SIDE_DEBIT_DISTANCE, (int) Math.min(debitDistance, FAR));
    side.set(JAVA_INT_UNALIGNED, at + SIDE_CREDIT_DISTANCE, (int) Math.min(creditDistance, FAR));
    side.set(JAVA_INT_UNALIGNED, at + SIDE_DEBIT, debit);
    side.set(JAVA_INT_UNALIGNED, at + SIDE_CREDIT, credit);
  }

  /** Lets the newest movement be found by its id. */
  void publish(long hash, long here) {
    ids.insert(hash, here);
  }

  /** Notes that the newest movement resolved the pending transfer that it names. */
  void resolve(long here, MovementKind kind, long releasedHi, long releasedLo) {
    resolutions.add(here, kind, releasedHi, releasedLo);
  }

  /** The movement of this generation that resolved this pending transfer, or -1. */
  long resolution(long pendingHi, long pendingLo) {
    return resolutions.find(pendingHi, pendingLo);
  }

  /** What a post took from what was pending. */
  long released(long here, boolean hi) {
    long release = resolutions.release(here);
    return hi ? resolutions.releasedHi(release) : resolutions.releasedLo(release);
  }

  long at(long here) {
    return records.at(here);
  }

  int flags(long here) {
    return Short.toUnsignedInt(
        RecordStore.MEMORY.get(JAVA_SHORT_UNALIGNED, at(here) + TransferRecord.FLAGS));
  }

  long timestamp(long here) {
    return half(at(here), TransferRecord.TIMESTAMP);
  }

  /** How many movements ago the account had the one before this; 0 for never. */
  long distance(long here, boolean debit) {
    return Integer.toUnsignedLong(
        RecordStore.MEMORY.get(
            JAVA_INT_UNALIGNED,
            sides.at(here) + (debit ? SIDE_DEBIT_DISTANCE : SIDE_CREDIT_DISTANCE)));
  }

  int debit(long here) {
    return RecordStore.MEMORY.get(JAVA_INT_UNALIGNED, sides.at(here) + SIDE_DEBIT);
  }

  int credit(long here) {
    return RecordStore.MEMORY.get(JAVA_INT_UNALIGNED, sides.at(here) + SIDE_CREDIT);
  }

  DetailsStore details() {
    return details;
  }

  /**
   * The first movement whose timestamp is at least this, counted from the first; or their number.
   */
  long lowerBound(long timestamp) {
    long low = 0;
    long high = records.size();
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

  /** Whether a movement has exactly this timestamp. */
  boolean existsAt(long timestamp) {
    long first = lowerBound(timestamp);
    return first < records.size() && timestamp(first) == timestamp;
  }

  void beginChain() {
    chainStart = records.size();
  }

  /** Takes back what happened since {@link #beginChain}. */
  void rollBackChain() {
    for (long here = records.size() - 1; here >= chainStart; here--) {
      long at = at(here);
      ids.remove(ids.hash(half(at, 8), half(at, 0)), here);
      if (MovementKind.of(flags(here)).resolves()) {
        resolutions.remove(here);
      }
    }
    records.truncate(chainStart);
    sides.truncate(chainStart);
    events.truncate(chainStart);
    details.truncate(chainStart);
  }

  @Override
  public boolean hasId(long here, long hi, long lo) {
    if ((here & FAILED_HERE) != 0) {
      return failed.hasId(here ^ FAILED_HERE, hi, lo);
    }
    long at = records.at(here);
    return half(at, 0) == lo && half(at, 8) == hi;
  }

  private static long half(long at, int field) {
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, at + field);
  }
}
