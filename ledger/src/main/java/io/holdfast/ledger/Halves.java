package io.holdfast.ledger;

/** Arithmetic on unsigned 128-bit integers that are held as an upper and a lower half. */
final class Halves {
  private Halves() {}

  static boolean isZero(long hi, long lo) {
    return (hi | lo) == 0;
  }

  static boolean isMax(long hi, long lo) {
    return (hi & lo) == -1;
  }

  /** Whether a is less than b. */
  static boolean less(long aHi, long aLo, long bHi, long bLo) {
    return aHi == bHi ? Long.compareUnsigned(aLo, bLo) < 0 : Long.compareUnsigned(aHi, bHi) < 0;
  }

  /** What the sum of two lower halves adds to the upper ones: 0 or 1. */
  static long carry(long aLo, long bLo) {
    return Long.compareUnsigned(aLo + bLo, aLo) < 0 ? 1 : 0;
  }

  /** What the difference of two lower halves takes from the upper ones: 0 or 1. */
  static long borrow(long aLo, long bLo) {
    return Long.compareUnsigned(aLo, bLo) < 0 ? 1 : 0;
  }

  /** The upper half of a + b, modulo 2^128. */
  static long sumHi(long aHi, long aLo, long bHi, long bLo) {
    return aHi + bHi + carry(aLo, bLo);
  }

  /** The upper half of a - b, modulo 2^128. */
  static long differenceHi(long aHi, long aLo, long bHi, long bLo) {
    return aHi - bHi - borrow(aLo, bLo);
  }

  /** Whether a + b is 2^128 or more. */
  static boolean sumOverflows(long aHi, long aLo, long bHi, long bLo) {
    return less(sumHi(aHi, aLo, bHi, bLo), aLo + bLo, aHi, aLo);
  }
}
