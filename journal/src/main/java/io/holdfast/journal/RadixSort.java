package io.holdfast.journal;

import java.util.Arrays;

/**
 * Sorts longs by some of their upper 32 bits, those with equal bits staying as they are: the least
 * digit first, counting. The lower 32 bits are what is being ordered, such as the numbers of rows.
 * For one thread.
 */
final class RadixSort {
  private static final int DIGIT_BITS = 11; // 2,048 counters stay in the nearest cache
  private static final int DIGITS = 1 << DIGIT_BITS;

  private final int[] counts = new int[DIGITS];
  private long[] other = new long[0];

  /** Sorts a range by the {@code bits} bits from bit 32 upwards. */
  void sort(long[] values, int from, int to, int bits) {
    if (other.length < to) {
      other = new long[values.length];
    }
    long[] source = values;
    long[] target = other;
    boolean elsewhere = false;
    for (int shift = 32; shift < 32 + bits; shift += DIGIT_BITS) {
      if (pass(source, target, from, to, shift)) {
        long[] swap = source;
        source = target;
        target = swap;
        elsewhere = !elsewhere;
      }
    }
    if (elsewhere) {
      System.arraycopy(source, from, values, from, to - from);
    }
  }

  /** Sorts by one digit; false if all have the same. */
  private boolean pass(long[] source, long[] target, int from, int to, int shift) {
    Arrays.fill(counts, 0);
    for (int i = from; i < to; i++) {
      counts[(int) (source[i] >>> shift) & (DIGITS - 1)]++;
    }
    int at = from;
    for (int digit = 0; digit < DIGITS; digit++) {
      int count = counts[digit];
      if (count == to - from) {
        return false;
      }
      counts[digit] = at;
      at += count;
    }
    for (int i = from; i < to; i++) {
      long value = source[i];
      target[counts[(int) (value >>> shift) & (DIGITS - 1)]++] = value;
    }
    return true;
  }
}
