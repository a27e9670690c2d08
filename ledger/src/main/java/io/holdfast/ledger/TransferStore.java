package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.holdfast.kernel.Invariants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * All movements in order of their timestamps: transfers, and between them the expiries of pending
 * ones; and the ids that failed. This is the seam behind which history leaves memory: the newest of
 * it is here in generations, what was found out about older ids comes with each batch, and the
 * rules know nothing of either.
 *
 * <p>An expiry is a record like the pending transfer it ends, with {@link #EXPIRY} among its flags
 * and the pending transfer's id in both id and pending_id; the index does not know it.
 *
 * <p>A movement is named by its number, from 0 over all history; an older transfer, for as long as
 * its batch is judged, by where its record is, with {@link #OLD}.
 */
final class TransferStore {
  /** Marks an expiry among the flags; no flag of the public ones. */
  static final int EXPIRY = 1 << 15;

  static final long NOT_FOUND = IdIndex.NOT_FOUND;

  /** In what {@link #find} returns: the id failed before; the other bits are the status. */
  static final long FAILED = 1L << 61;

  /** In what {@link #find} returns: a transfer that is no longer in memory but was asked for. */
  static final long OLD = 1L << 62;

  private final Arena arena;
  private final long seed;
  private final int chunkShift;
  private final OldFacts old;
  private final FreeGenerations free = new FreeGenerations();
  private final byte[] mark = new byte[DetailsMark.BYTES];
  private final DetailsKeyTable detailsKeys = new DetailsKeyTable();
  private Generation newest;
  private Generation[] earlier = new Generation[0]; // the oldest first
  private long transferCount;
  private long failedCount;
  private long lastTimestamp;
  private long firstTimestamp; // of the movements in memory
  private long timestampBeforeChain;
  private long countBeforeChain;

  TransferStore(Arena arena, long seed, int chunkShift) {
    this.arena = arena;
    this.seed = seed;
    this.chunkShift = chunkShift;
    this.old = new OldFacts(arena);
    this.newest = new Generation(arena, seed, chunkShift);
    newest.begin(1, 0);
  }

  /** Goes on after a state that was read from a checkpoint, with nothing in memory. */
  void restore(StateHeader header) {
    newest.begin(header.op() + 1, header.movements());
    transferCount = header.transfers();
    failedCount = header.failed();
    lastTimestamp = header.lastMovement();
    firstTimestamp = lastTimestamp + 1;
  }

  /** Movements so far: transfers and expiries. */
  long size() {
    return newest.firstMovement() + newest.movements();
  }

  long transferCount() {
    return transferCount;
  }

  long failedCount() {
    return failedCount;
  }

  /** The number of the first movement that is in memory. */
  long firstInMemory() {
    return earlier.length == 0 ? newest.firstMovement() : earlier[0].firstMovement();
  }

  Generation newest() {
    return newest;
  }

  /** What was found out about old ids for the batch that is judged. */
  OldFacts old() {
    return old;
  }

  /** The next op begins, whose first event gets this timestamp. */
  void beginOp(long firstTimestamp) {
    newest.beginOp(firstTimestamp);
  }

  /** Ends the newest generation, and begins another after it. */
  Generation seal() {
    Generation sealed = newest;
    Generation[] more = new Generation[earlier.length + 1];
    System.arraycopy(earlier, 0, more, 0, earlier.length);
    more[earlier.length] = sealed;
    Generation next = free.take();
    newest = next == null ? new Generation(arena, seed, chunkShift) : next;
    newest.begin(sealed.lastOp() + 1, sealed.firstMovement() + sealed.movements());
    earlier = more;
    return sealed;
  }

  /** Forgets the oldest generation. */
  void forget(Generation generation) {
    Invariants.check(
        earlier.length > 0 && earlier[0] == generation, "the oldest generation is forgotten first");
    Generation[] rest = new Generation[earlier.length - 1];
    System.arraycopy(earlier, 1, rest, 0, rest.length);
    earlier = rest;
    firstTimestamp = lastTimestamp + 1;
    for (int i = rest.length; i >= 0; i--) {
      Generation left = i == rest.length ? newest : rest[i];
      if (left.movements() > 0) {
        firstTimestamp = left.timestamp(0);
      }
    }
  }

  /** Takes a generation back that was forgotten and that nobody reads; for any thread. */
  void recycle(Generation generation) {
    generation.clear();
    free.give(generation);
  }

  long hash(long hi, long lo) {
    return newest.hash(hi, lo);
  }

  /** Loads where the indexes will look for this hash. */
  long touchIndex(long hash) {
    long sum = newest.touchIndex(hash);
    for (Generation generation : earlier) {
      sum += generation.touchIndex(hash);
    }
    return sum;
  }

  /** The transfer; {@link #NOT_FOUND}; or, with {@link #FAILED}, the status of a failed id. */
  long find(long hash, long hi, long lo) {
    long found = inMemory(hash, hi, lo);
    return found == NOT_FOUND ? old.find(hi, lo) : found;
  }

  /** The transfer, or {@link #NOT_FOUND}. */
  long findTransfer(long hi, long lo) {
    long found = find(hash(hi, lo), hi, lo);
    return isTransfer(found) ? found : NOT_FOUND;
  }

  /** The transfer, if it is in memory, or {@link #NOT_FOUND}. For readers too. */
  long findInMemory(long hi, long lo) {
    long found = inMemory(hash(hi, lo), hi, lo);
    return isTransfer(found) ? found : NOT_FOUND;
  }

  private long inMemory(long hash, long hi, long lo) {
    long found = newest.find(hash, hi, lo);
    for (int i = earlier.length - 1; i >= 0 && found == NOT_FOUND; i--) {
      found = earlier[i].find(hash, hi, lo);
    }
    return found;
  }

  /** Whether what {@link #find} returned is a transfer. */
  static boolean isTransfer(long found) {
    return found >= 0 && (found & FAILED) == 0;
  }

  /** The number of the status that an id found to have {@link #FAILED} failed with. */
  static int failedStatus(long found) {
    return (int) (found ^ FAILED);
  }

  /**
   * Keeps a pending transfer for what follows in its batch, if it is only known as a reservation,
   * which is about to end.
   */
  void keepIfOld(long record) {
    long timestamp = RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, record + TransferRecord.TIMESTAMP);
    if (timestamp < firstTimestamp) {
      old.keep(record);
    }
  }

  /** How a pending transfer that is no longer open was resolved. */
  MovementKind resolution(long pendingHi, long pendingLo) {
    for (int i = earlier.length; i >= 0; i--) {
      Generation generation = i == earlier.length ? newest : earlier[i];
      long here = generation.resolution(pendingHi, pendingLo);
      if (here >= 0) {
        return MovementKind.of(generation.flags(here));
      }
    }
    MovementKind before = old.resolution(pendingHi, pendingLo);
    if (before == null) {
      throw Invariants.broken("a pending transfer is open or was resolved");
    }
    return before;
  }

  /** Remembers that an id that is not known failed, as an event with this timestamp. */
  void recordFailed(long hi, long lo, int status, long timestamp) {
    newest.recordFailed(hash(hi, lo), hi, lo, status, timestamp);
    failedCount++;
  }

  /** Where the record of a transfer or movement begins. */
  long at(long transfer) {
    if ((transfer & OLD) != 0) {
      return old.at(transfer);
    }
    Generation generation = generation(transfer);
    return generation.at(transfer - generation.firstMovement());
  }

  /** The generation that a movement in memory is in. */
  Generation generation(long movement) {
    Generation generation = newest;
    for (int i = earlier.length - 1; i >= 0 && movement < generation.firstMovement(); i--) {
      generation = earlier[i];
    }
    return generation;
  }

  int flags(long transfer) {
    return Short.toUnsignedInt(
        RecordStore.MEMORY.get(JAVA_SHORT_UNALIGNED, at(transfer) + TransferRecord.FLAGS));
  }

  long timestamp(long transfer) {
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, at(transfer) + TransferRecord.TIMESTAMP);
  }

  /** The first movement in memory whose timestamp is at least this; that after the last if none. */
  long firstAtOrAfter(long timestamp) {
    Generation within = newest;
    for (int i = earlier.length - 1; i >= 0; i--) {
      Generation later = within;
      if (later.movements() > 0 && later.timestamp(0) < timestamp) {
        break;
      }
      within = earlier[i];
    }
    return within.firstMovement() + within.lowerBound(timestamp);
  }

  /** The timestamp of the newest movement; 0 when there is none. */
  long lastTimestamp() {
    return lastTimestamp;
  }

  /** Whether a movement has exactly this timestamp. */
  boolean existsAt(long timestamp) {
    boolean exists = newest.existsAt(timestamp) || old.hasMovementAt(timestamp);
    for (Generation generation : earlier) {
      exists |= generation.existsAt(timestamp);
    }
    return exists;
  }

  /** The details of a transfer in memory; empty when it has none. */
  byte[] details(long transfer) {
    Generation generation = generation(transfer);
    return generation.details().read(transfer - generation.firstMovement());
  }

  /** Whether the details of a transfer in memory are sealed. */
  boolean detailsSealed(long transfer) {
    Generation generation = generation(transfer);
    return generation.details().isSealed(transfer - generation.firstMovement());
  }

  /** Whether these may be the details of the transfer; length 0 stands for none. */
  boolean mayHaveDetails(long transfer, MemorySegment from, long at, int length, boolean sealed) {
    if ((transfer & OLD) == 0) {
      Generation generation = generation(transfer);
      long here = transfer - generation.firstMovement();
      return generation.details().mayEqual(here, from, at, length, sealed);
    }
    old.copyDetailsMark(transfer, mark);
    return newest.details().mayEqual(from, at, length, sealed, old.detailsForm(transfer), mark);
  }

  void addDetails(long movement, Events events, int i) {
    int length = events.detailsLength(i);
    if (length > 0) {
      newest
          .details()
          .append(
              movement - newest.firstMovement(),
              events.segment(),
              events.detailsAt(i),
              length,
              events.sealed());
    }
  }

  /** The keys that details are sealed under. */
  DetailsKeyTable detailsKeys() {
    return detailsKeys;
  }

  /** Counts the transfers with sealed details since there were so many with details. */
  void countDetails(long before) {
    DetailsStore details = newest.details();
    for (long entry = before; entry < details.count(); entry++) {
      if (details.form(entry) == DetailsStore.form(true)) {
        details.copyMark(entry, mark);
        detailsKeys.count(MemorySegment.ofArray(mark), 0);
      }
    }
  }

  /**
   * Copies a record in as the newest movement; not yet known by its id.
   *
   * @param eventTimestamp what the event's turn in its batch gives it; another one if imported
   */
  long append(MemorySegment from, long fromAt, long timestamp, long eventTimestamp) {
    lastTimestamp = timestamp;
    return newest.firstMovement() + newest.append(from, fromAt, timestamp, eventTimestamp);
  }

  /** Says which accounts the newest movement moves, and what moved them before. */
  void link(long movement, int debit, long lastOfDebit, int credit, long lastOfCredit) {
    newest.link(
        movement - newest.firstMovement(),
        debit,
        lastOfDebit == 0 ? 0 : movement + 1 - lastOfDebit,
        credit,
        lastOfCredit == 0 ? 0 : movement + 1 - lastOfCredit);
  }

  /** Lets the newest movement, a transfer, be found by its id. */
  void publish(long hash, long movement) {
    newest.publish(hash, movement - newest.firstMovement());
    transferCount++;
  }

  /** Says that the newest movement resolved the pending transfer that it names. */
  void resolve(long movement, MovementKind kind, long releasedHi, long releasedLo) {
    newest.resolve(movement - newest.firstMovement(), kind, releasedHi, releasedLo);
  }

  void beginChain() {
    newest.beginChain();
    timestampBeforeChain = lastTimestamp;
    countBeforeChain = transferCount;
  }

  /** Takes back what happened since {@link #beginChain}. */
  void rollBackChain() {
    newest.rollBackChain();
    lastTimestamp = timestampBeforeChain;
    transferCount = countBeforeChain;
  }

  /** The oldest generation that is complete; null when there is none. */
  @Nullable Generation oldestSealed() {
    return earlier.length == 0 ? null : earlier[0];
  }
}
