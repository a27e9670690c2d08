package io.holdfast.journal;

import io.holdfast.kernel.Invariants;
import io.holdfast.kernel.UInt128;

/** The number of each account, in the order of creation: 40 bytes for each, at most. */
final class AccountNumbers {
  private static final long ODD = 0x9E37_79B9_7F4A_7C15L;

  /** Look-ups that are begun side by side before any of them is needed. */
  private static final int TOUCHED_AHEAD = 64;

  private long[] ids = new long[2 * 1024]; // upper half before lower; (0, 0) is no id
  private int[] numbers = new int[1024];
  private int count;

  @SuppressWarnings("UnusedVariable") // written so that what was loaded counts as used
  private long touched;

  /** Gives the next account its number. */
  void add(UInt128 id) {
    if (2 * count >= numbers.length) {
      grow();
    }
    int at = slot(id.hi(), id.lo());
    Invariants.check(isFree(at), "an account is created once");
    put(at, id.hi(), id.lo(), count++);
  }

  /** The number of an account that was created. */
  int of(long hi, long lo) {
    int at = slot(hi, lo);
    Invariants.check(!isFree(at), "an account was created before money moves on it");
    return numbers[at];
  }

  /**
   * The numbers of many accounts that were created: each lies anywhere in memory, and as many as
   * possible are waited for at once.
   *
   * @param wanted upper half, lower half of each id
   */
  void of(long[] wanted, int accounts, int[] into) {
    for (int from = 0; from < accounts; from += TOUCHED_AHEAD) {
      int to = Math.min(accounts, from + TOUCHED_AHEAD);
      long loaded = 0;
      for (int i = from; i < to; i++) {
        int at = firstSlot(wanted[2 * i], wanted[2 * i + 1]);
        loaded += ids[2 * at] ^ numbers[at];
      }
      touched = loaded;
      for (int i = from; i < to; i++) {
        into[i] = of(wanted[2 * i], wanted[2 * i + 1]);
      }
    }
  }

  private void grow() {
    long[] before = ids;
    int[] theirs = numbers;
    ids = new long[Math.multiplyExact(before.length, 2)];
    numbers = new int[2 * theirs.length];
    for (int i = 0; i < theirs.length; i++) {
      long hi = before[2 * i];
      long lo = before[2 * i + 1];
      if ((hi | lo) != 0) {
        put(slot(hi, lo), hi, lo, theirs[i]);
      }
    }
  }

  private void put(int at, long hi, long lo, int number) {
    ids[2 * at] = hi;
    ids[2 * at + 1] = lo;
    numbers[at] = number;
  }

  private boolean isFree(int at) {
    return (ids[2 * at] | ids[2 * at + 1]) == 0;
  }

  /** Where the id is, or would be. */
  private int slot(long hi, long lo) {
    int mask = numbers.length - 1;
    int at = firstSlot(hi, lo);
    while (!isFree(at) && (ids[2 * at] != hi || ids[2 * at + 1] != lo)) {
      at = at + 1 & mask;
    }
    return at;
  }

  private int firstSlot(long hi, long lo) {
    long mixed = (hi * ODD ^ lo) * ODD;
    return (int) (mixed ^ mixed >>> 32) & (numbers.length - 1);
  }
}
