package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.util.Arrays;

/**
 * Reservations by when they expire, then by their timestamps. A binary heap over arrays; a
 * reservation is named by its slot and its timestamp, for the slot may have another one by now.
 * Those that were posted or voided stay in it until they come to the top, or until they are the
 * larger part.
 */
final class ExpiryQueue {
  static final long NANOS_PER_SECOND = 1_000_000_000L;

  private static final int CLEANED_FROM = 1024;

  private final Reservations reservations;
  private long[] expiries = new long[64];
  private long[] timestamps = new long[64];
  private int[] slots = new int[64];
  private int size;
  private int resolved;
  private int[] held = new int[64];
  private int heldCount;
  private boolean inChain;

  ExpiryQueue(Reservations reservations) {
    this.reservations = reservations;
  }

  /** When the pending transfer stored there expires; {@link Long#MAX_VALUE} if never. */
  static long expiry(long record) {
    int timeout = RecordStore.MEMORY.get(JAVA_INT_UNALIGNED, record + TransferRecord.TIMEOUT);
    return timeout == 0
        ? Long.MAX_VALUE
        : timestamp(record) + Integer.toUnsignedLong(timeout) * NANOS_PER_SECOND;
  }

  /** Adds a reservation, if it expires at all; inside a chain, when that commits. */
  void add(int slot) {
    if (inChain) {
      if (heldCount == held.length) {
        held = Arrays.copyOf(held, heldCount * 2);
      }
      held[heldCount++] = slot;
      return;
    }
    if (!reservations.isOpen(slot)) {
      return; // resolved in the chain that made it
    }
    long record = reservations.at(slot);
    long expiry = expiry(record);
    if (expiry != Long.MAX_VALUE) {
      push(expiry, timestamp(record), slot);
    }
  }

  /** Adds all that are open, after they were read from a checkpoint. */
  void restore() {
    for (int slot = 0; slot < reservations.slots(); slot++) {
      add(slot);
    }
  }

  /** Counts a reservation that ended; that only decides when to clean up. */
  void countResolved() {
    resolved++;
  }

  void beginChain() {
    inChain = true;
    heldCount = 0;
  }

  void commitChain() {
    inChain = false;
    for (int i = 0; i < heldCount; i++) {
      add(held[i]);
    }
  }

  void rollBackChain() {
    inChain = false;
  }

  /** Drops what no longer waits from the top, so that {@link #next} tells the truth. */
  void settle() {
    if (size > CLEANED_FROM && resolved > size / 2) {
      clean();
    }
    while (size > 0 && !waits(0)) {
      pop();
    }
  }

  /** When the next one expires, after {@link #settle}; {@link Long#MAX_VALUE} for never. */
  long next() {
    return size == 0 ? Long.MAX_VALUE : expiries[0];
  }

  /** Takes the slots of those that expire at or before {@code now}, in order. */
  int takeDue(long now, int[] due) {
    int count = 0;
    while (count < due.length && size > 0 && expiries[0] <= now) {
      int slot = slots[0];
      boolean waits = waits(0);
      pop();
      if (waits) {
        due[count++] = slot;
      }
    }
    return count;
  }

  private static long timestamp(long record) {
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, record + TransferRecord.TIMESTAMP);
  }

  private boolean waits(int i) {
    return reservations.isOpen(slots[i], timestamps[i]);
  }

  private void clean() {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (waits(i)) {
        set(kept++, expiries[i], timestamps[i], slots[i]);
      }
    }
    size = kept;
    resolved = 0;
    for (int i = size / 2 - 1; i >= 0; i--) {
      siftDown(i, expiries[i], timestamps[i], slots[i]);
    }
  }

  private void push(long expiry, long timestamp, int slot) {
    if (size == expiries.length) {
      expiries = Arrays.copyOf(expiries, size * 2);
      timestamps = Arrays.copyOf(timestamps, size * 2);
      slots = Arrays.copyOf(slots, size * 2);
    }
    int i = size++;
    while (i > 0) {
      int parent = (i - 1) >>> 1;
      if (!before(expiry, timestamp, parent)) {
        break;
      }
      set(i, expiries[parent], timestamps[parent], slots[parent]);
      i = parent;
    }
    set(i, expiry, timestamp, slot);
  }

  private void pop() {
    size--;
    if (size > 0) {
      siftDown(0, expiries[size], timestamps[size], slots[size]);
    }
  }

  private void siftDown(int from, long expiry, long timestamp, int slot) {
    int i = from;
    while (2 * i + 1 < size) {
      int child = 2 * i + 1;
      if (child + 1 < size && before(expiries[child + 1], timestamps[child + 1], child)) {
        child++;
      }
      if (!before(expiries[child], timestamps[child], expiry, timestamp)) {
        break;
      }
      set(i, expiries[child], timestamps[child], slots[child]);
      i = child;
    }
    set(i, expiry, timestamp, slot);
  }

  private void set(int i, long expiry, long timestamp, int slot) {
    expiries[i] = expiry;
    timestamps[i] = timestamp;
    slots[i] = slot;
  }

  private boolean before(long expiry, long timestamp, int i) {
    return before(expiry, timestamp, expiries[i], timestamps[i]);
  }

  private static boolean before(long expiry, long timestamp, long expiry2, long timestamp2) {
    return expiry < expiry2 || (expiry == expiry2 && timestamp < timestamp2);
  }
}
