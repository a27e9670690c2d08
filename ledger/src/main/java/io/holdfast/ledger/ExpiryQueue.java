package io.holdfast.ledger;

import java.util.Arrays;

/**
 * Pending transfers by when they expire, then by position, which is the order of their timestamps.
 * A binary heap over two arrays. Transfers that were posted or voided stay in it until they come to
 * the top, or until they are the larger part.
 */
final class ExpiryQueue {
  static final long NANOS_PER_SECOND = 1_000_000_000L;

  private static final int CLEANED_FROM = 1024;

  private final TransferStore transfers;
  private long[] expiries = new long[64];
  private long[] positions = new long[64];
  private int size;
  private int resolved;
  private long[] held = new long[64];
  private int heldCount;
  private boolean inChain;

  ExpiryQueue(TransferStore transfers) {
    this.transfers = transfers;
  }

  /** Adds a pending transfer that has a timeout; inside a chain, when that commits. */
  void add(long position) {
    if (!inChain) {
      push(transfers.expiry(position), position);
      return;
    }
    if (heldCount == held.length) {
      held = Arrays.copyOf(held, heldCount * 2);
    }
    held[heldCount++] = position;
  }

  /** Counts a pending transfer that no longer waits; that only decides when to clean up. */
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
    while (size > 0 && !waits(positions[0])) {
      pop();
    }
  }

  /** When the next one expires, after {@link #settle}; {@link Long#MAX_VALUE} for never. */
  long next() {
    return size == 0 ? Long.MAX_VALUE : expiries[0];
  }

  /** Takes the pending transfers that expire at or before {@code now}, in order. */
  int takeDue(long now, long[] due) {
    int count = 0;
    while (count < due.length && size > 0 && expiries[0] <= now) {
      long position = positions[0];
      pop();
      if (waits(position)) {
        due[count++] = position;
      }
    }
    return count;
  }

  private boolean waits(long position) {
    return transfers.state(position) == TransferStore.STATE_PENDING;
  }

  private void clean() {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (waits(positions[i])) {
        expiries[kept] = expiries[i];
        positions[kept] = positions[i];
        kept++;
      }
    }
    size = kept;
    resolved = 0;
    for (int i = size / 2 - 1; i >= 0; i--) {
      siftDown(i, expiries[i], positions[i]);
    }
  }

  private void push(long expiry, long position) {
    if (size == expiries.length) {
      expiries = Arrays.copyOf(expiries, size * 2);
      positions = Arrays.copyOf(positions, size * 2);
    }
    int i = size++;
    while (i > 0) {
      int parent = (i - 1) >>> 1;
      if (!before(expiry, position, expiries[parent], positions[parent])) {
        break;
      }
      expiries[i] = expiries[parent];
      positions[i] = positions[parent];
      i = parent;
    }
    expiries[i] = expiry;
    positions[i] = position;
  }

  private void pop() {
    size--;
    if (size > 0) {
      siftDown(0, expiries[size], positions[size]);
    }
  }

  private void siftDown(int from, long expiry, long position) {
    int i = from;
    while (2 * i + 1 < size) {
      int child = 2 * i + 1;
      if (child + 1 < size
          && before(expiries[child + 1], positions[child + 1], expiries[child], positions[child])) {
        child++;
      }
      if (!before(expiries[child], positions[child], expiry, position)) {
        break;
      }
      expiries[i] = expiries[child];
      positions[i] = positions[child];
      i = child;
    }
    expiries[i] = expiry;
    positions[i] = position;
  }

  private static boolean before(long expiry, long position, long expiry2, long position2) {
    return expiry < expiry2 || (expiry == expiry2 && position < position2);
  }
}
