package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.holdfast.kernel.Invariants;
import java.lang.foreign.Arena;

/**
 * The movements of a generation that resolved pending transfers, found by the pending transfer's
 * id; and of each post what it took from what was pending, in order of the movements:
 *
 * <pre>
 * 0 movement, counted from the generation's first (8)   8 amount (16)
 * </pre>
 */
final class Resolutions implements IdIndex.Ids {
  private static final int RELEASE_BYTES = 24;
  private static final int RELEASE_AMOUNT = 8;

  private final RecordStore records;
  private final RecordStore releases;
  private final IdIndex index;

  Resolutions(Arena arena, long seed, int chunkShift, RecordStore records) {
    this.records = records;
    this.releases = new RecordStore(arena, RELEASE_BYTES, chunkShift);
    this.index = new IdIndex(arena, this, seed, chunkShift);
  }

  void clear() {
    releases.truncate(0);
    index.clear();
  }

  void add(long movement, MovementKind kind, long releasedHi, long releasedLo) {
    index.insert(hash(movement), movement);
    if (kind == MovementKind.POST) {
      long at = releases.at(releases.append());
      RecordStore.MEMORY.set(JAVA_LONG_UNALIGNED, at, movement);
      RecordStore.MEMORY.set(JAVA_LONG_UNALIGNED, at + RELEASE_AMOUNT, releasedLo);
      RecordStore.MEMORY.set(JAVA_LONG_UNALIGNED, at + RELEASE_AMOUNT + 8, releasedHi);
    }
  }

  /** Takes the newest one back. */
  void remove(long movement) {
    index.remove(hash(movement), movement);
    if (releases.size() > 0 && movementOf(releases.size() - 1) == movement) {
      releases.truncate(releases.size() - 1);
    }
  }

  /** The movement that resolved this pending transfer, or {@link IdIndex#NOT_FOUND}. */
  long find(long pendingHi, long pendingLo) {
    return index.find(pendingHi, pendingLo);
  }

  /** Which release a post has. */
  long release(long movement) {
    long low = 0;
    long high = releases.size() - 1;
    while (low <= high) {
      long middle = (low + high) >>> 1;
      long at = movementOf(middle);
      if (at == movement) {
        return middle;
      } else if (at < movement) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    throw Invariants.broken("a post has what it took from what was pending");
  }

  long releasedHi(long release) {
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, releases.at(release) + RELEASE_AMOUNT + 8);
  }

  long releasedLo(long release) {
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, releases.at(release) + RELEASE_AMOUNT);
  }

  @Override
  public boolean hasId(long movement, long hi, long lo) {
    long at = records.at(movement) + TransferRecord.PENDING_ID;
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, at) == lo
        && RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, at + 8) == hi;
  }

  private long movementOf(long release) {
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, releases.at(release));
  }

  private long hash(long movement) {
    long at = records.at(movement) + TransferRecord.PENDING_ID;
    return index.hash(
        RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, at + 8),
        RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, at));
  }
}
