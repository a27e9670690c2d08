package io.holdfast.vault;

import io.holdfast.kernel.UInt128;

/**
 * How many transfers moved each account: 20 bytes for each account that any moved, some 40 right
 * after it grew. For one thread.
 */
final class TransferCounts {
  private static final int SLOTS_MIN = 1 << 10;
  private static final long SPREAD = 0x9E3779B97F4A7C15L; // 2^64 over the golden ratio

  private long[] hi = new long[SLOTS_MIN];
  private long[] lo = new long[SLOTS_MIN];
  private int[] counts = new int[SLOTS_MIN]; // 0 where nothing is
  private int accounts;

  void add(UInt128 account) {
    if ((accounts + 1) * 2L > counts.length) {
      grow();
    }
    int slot = slot(account.hi(), account.lo());
    if (counts[slot] == 0) {
      hi[slot] = account.hi();
      lo[slot] = account.lo();
      accounts++;
    }
    counts[slot] = Math.addExact(counts[slot], 1);
  }

  int of(UInt128 account) {
    return counts[slot(account.hi(), account.lo())];
  }

  private int slot(long wantedHi, long wantedLo) {
    int mask = counts.length - 1;
    long hash = (wantedHi * SPREAD ^ wantedLo) * SPREAD;
    int slot = (int) (hash >>> 32) & mask;
    while (counts[slot] != 0 && (hi[slot] != wantedHi || lo[slot] != wantedLo)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldHi = hi;
    long[] oldLo = lo;
    int[] oldCounts = counts;
    int slots = Math.multiplyExact(counts.length, 2);
    hi = new long[slots];
    lo = new long[slots];
    counts = new int[slots];
    for (int i = 0; i < oldCounts.length; i++) {
      if (oldCounts[i] != 0) {
        int slot = slot(oldHi[i], oldLo[i]);
        hi[slot] = oldHi[i];
        lo[slot] = oldLo[i];
        counts[slot] = oldCounts[i];
      }
    }
  }
}
