package io.holdfast.journal;

/**
 * Puts rows of ids in order: unsigned by the 128 bits of the id, then by address. Of the bits in
 * which the rows differ at all, the 32 highest are sorted by {@link RadixSort}; rows that agree in
 * these are sorted among themselves, in the same way or, if they are few, by comparing. Ids that
 * rise with time are in order already, which is seen first. For one thread.
 */
final class IdSort {
  /** Longs of a row: upper half, lower half, address. */
  static final int ROW = 3;

  private static final int KEY_BITS = 32;

  /** Up to so many rows, comparing costs less than counting. */
  private static final int COMPARED_ROWS_MAX = 512;

  private static final int[] GAPS = {301, 132, 57, 23, 10, 4, 1};

  private final RadixSort radix;
  private long[] rows = new long[0];
  private long[] order = new long[0];

  IdSort(RadixSort radix) {
    this.radix = radix;
  }

  /** Returns numbers of rows, in order, in the lower half of each long. */
  long[] order(long[] ofRows, int count) {
    rows = ofRows;
    if (order.length < count) {
      order = new long[ofRows.length / ROW];
    }
    boolean sorted = true;
    for (int i = 0; i < count; i++) {
      order[i] = i;
      sorted = sorted && (i == 0 || compare(i - 1, i) <= 0);
    }
    if (!sorted) {
      sort(0, count);
    }
    return order;
  }

  private void sort(int from, int to) {
    if (to - from <= COMPARED_ROWS_MAX) {
      sortByComparing(from, to);
      return;
    }
    int first = (int) order[from];
    long[] differing = new long[ROW];
    for (int i = from; i < to; i++) {
      int row = (int) order[i];
      for (int part = 0; part < ROW; part++) {
        differing[part] |= rows[ROW * row + part] ^ rows[ROW * first + part];
      }
    }
    int left = KEY_BITS;
    int bits = 0;
    int[] shifts = new int[ROW];
    for (int part = 0; part < ROW; part++) {
      differing[part] = highest(differing[part], left);
      shifts[part] = Long.bitCount(differing[part]);
      left -= shifts[part];
      bits += shifts[part];
    }
    if (bits == 0) {
      return; // all are equal
    }
    for (int i = from; i < to; i++) {
      int row = (int) order[i];
      long key = 0;
      for (int part = 0; part < ROW; part++) {
        key = key << shifts[part] | Long.compress(rows[ROW * row + part], differing[part]);
      }
      order[i] = key << 32 | row;
    }
    radix.sort(order, from, to, bits);
    sortTies(from, to);
  }

  private void sortTies(int from, int to) {
    int began = from;
    for (int i = from + 1; i <= to; i++) {
      if (i == to || order[i] >>> 32 != order[began] >>> 32) {
        if (i - began > 1) {
          sort(began, i);
        }
        began = i;
      }
    }
  }

  /** The highest so many bits of those that are set. */
  private static long highest(long bits, int count) {
    long rest = bits;
    long highest = 0;
    for (int i = 0; i < count && rest != 0; i++) {
      long bit = Long.highestOneBit(rest);
      highest |= bit;
      rest ^= bit;
    }
    return highest;
  }

  /** Shell's sort, with the gaps of Ciura (2001). */
  private void sortByComparing(int from, int to) {
    for (int gap : GAPS) {
      for (int i = from + gap; i < to; i++) {
        long moving = order[i];
        int at = i;
        while (at - gap >= from && compare((int) order[at - gap], (int) moving) > 0) {
          order[at] = order[at - gap];
          at -= gap;
        }
        order[at] = moving;
      }
    }
  }

  private int compare(int a, int b) {
    long[] of = rows;
    int upper = Long.compareUnsigned(of[ROW * a], of[ROW * b]);
    if (upper != 0) {
      return upper;
    }
    int lower = Long.compareUnsigned(of[ROW * a + 1], of[ROW * b + 1]);
    return lower != 0 ? lower : Long.compare(of[ROW * a + 2], of[ROW * b + 2]);
  }
}
