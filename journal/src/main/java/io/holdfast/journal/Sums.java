package io.holdfast.journal;

import java.nio.ByteBuffer;

/**
 * The four sums of an account over some of its postings: signed 128-bit numbers, modulo 2^128, in
 * eight longs, of each the upper half before the lower.
 *
 * <pre>
 * 0, 1 debits pending   2, 3 debits posted   4, 5 credits pending   6, 7 credits posted
 * </pre>
 */
final class Sums {
  static final int DEBITS_PENDING = 0;
  static final int DEBITS_POSTED = 2;
  static final int CREDITS_PENDING = 4;
  static final int CREDITS_POSTED = 6;
  static final int LONGS = 8;

  private Sums() {}

  /** Takes a posting in. */
  static void add(
      long[] sums, boolean credit, int kind, long amountHi, long amountLo, long relHi, long relLo) {
    int pending = credit ? CREDITS_PENDING : DEBITS_PENDING;
    switch (kind) {
      case PostingKind.PAYMENT -> plus(sums, pending + 2, amountHi, amountLo);
      case PostingKind.RESERVE -> plus(sums, pending, amountHi, amountLo);
      case PostingKind.POST -> {
        minus(sums, pending, relHi, relLo);
        plus(sums, pending + 2, amountHi, amountLo);
      }
      default -> minus(sums, pending, relHi, relLo);
    }
  }

  /** Takes a posting back out. */
  static void subtract(
      long[] sums, boolean credit, int kind, long amountHi, long amountLo, long relHi, long relLo) {
    int pending = credit ? CREDITS_PENDING : DEBITS_PENDING;
    switch (kind) {
      case PostingKind.PAYMENT -> minus(sums, pending + 2, amountHi, amountLo);
      case PostingKind.RESERVE -> minus(sums, pending, amountHi, amountLo);
      case PostingKind.POST -> {
        plus(sums, pending, relHi, relLo);
        minus(sums, pending + 2, amountHi, amountLo);
      }
      default -> plus(sums, pending, relHi, relLo);
    }
  }

  /** Writes them as 64 bytes, little-endian. */
  static void put(ByteBuffer to, int at, long[] sums) {
    for (int i = 0; i < LONGS; i += 2) {
      to.putLong(at + 8 * i, sums[i + 1]).putLong(at + 8 * i + 8, sums[i]);
    }
  }

  static void get(ByteBuffer from, int at, long[] sums) {
    for (int i = 0; i < LONGS; i += 2) {
      sums[i + 1] = from.getLong(at + 8 * i);
      sums[i] = from.getLong(at + 8 * i + 8);
    }
  }

  private static void plus(long[] sums, int at, long hi, long lo) {
    long sum = sums[at + 1] + lo;
    sums[at] += hi + (Long.compareUnsigned(sum, lo) < 0 ? 1 : 0);
    sums[at + 1] = sum;
  }

  private static void minus(long[] sums, int at, long hi, long lo) {
    long before = sums[at + 1];
    sums[at] -= hi + (Long.compareUnsigned(before, lo) < 0 ? 1 : 0);
    sums[at + 1] = before - lo;
  }
}
