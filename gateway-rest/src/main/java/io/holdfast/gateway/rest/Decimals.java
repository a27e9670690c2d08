package io.holdfast.gateway.rest;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Unsigned integers from characters straight into a record's bytes, little-endian, without an
 * object in between.
 */
final class Decimals {
  /** What became of the characters. */
  enum Outcome {
    DONE,
    /** Something other than digits, or nothing at all. */
    MALFORMED,
    /** Digits, but more than the field holds. */
    TOO_LARGE
  }

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int CHUNK_DIGITS = 18;
  private static final long[] POWERS = new long[CHUNK_DIGITS + 1];

  static {
    POWERS[0] = 1;
    for (int i = 1; i <= CHUNK_DIGITS; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  private Decimals() {}

  /** 128 bits, lower half first. */
  static Outcome parse128(char[] text, int offset, int length, byte[] to, int at) {
    if (length == 0 || !digitsOnly(text, offset, length)) {
      return Outcome.MALFORMED;
    }
    long hi = 0;
    long lo = 0;
    int end = offset + length;
    for (int from = offset; from < end; ) {
      int digits = Math.min(CHUNK_DIGITS, end - from);
      long chunk = chunk(text, from, digits);
      long power = POWERS[digits];
      if (hi != 0 && Math.unsignedMultiplyHigh(hi, power) != 0) {
        return Outcome.TOO_LARGE;
      }
      long carried = Math.unsignedMultiplyHigh(lo, power);
      long upper = hi * power + carried;
      if (Long.compareUnsigned(upper, carried) < 0) {
        return Outcome.TOO_LARGE;
      }
      long lower = lo * power + chunk;
      if (Long.compareUnsigned(lower, chunk) < 0 && ++upper == 0) {
        return Outcome.TOO_LARGE;
      }
      hi = upper;
      lo = lower;
      from += digits;
    }
    LONG.set(to, at, lo);
    LONG.set(to, at + 8, hi);
    return Outcome.DONE;
  }

  /** 64 bits. */
  static Outcome parse64(char[] text, int offset, int length, byte[] to, int at) {
    byte[] wide = new byte[16];
    Outcome outcome = parse128(text, offset, length, wide, 0);
    if (outcome == Outcome.DONE && (long) LONG.get(wide, 8) != 0) {
      return Outcome.TOO_LARGE;
    }
    if (outcome == Outcome.DONE) {
      LONG.set(to, at, (long) LONG.get(wide, 0));
    }
    return outcome;
  }

  /** An id: exactly 32 hex digits, or decimal. */
  static Outcome parseId(char[] text, int offset, int length, byte[] to, int at) {
    if (length != 32) {
      return parse128(text, offset, length, to, at);
    }
    long hi = 0;
    long lo = 0;
    for (int i = 0; i < 32; i++) {
      int digit = hexDigit(text[offset + i]);
      if (digit < 0) {
        return Outcome.MALFORMED;
      }
      hi = hi << 4 | lo >>> 60;
      lo = lo << 4 | digit;
    }
    LONG.set(to, at, lo);
    LONG.set(to, at + 8, hi);
    return Outcome.DONE;
  }

  /** The long at this place of a record. */
  static long get(byte[] from, int at) {
    return (long) LONG.get(from, at);
  }

  private static boolean digitsOnly(char[] text, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return false;
      }
    }
    return true;
  }

  private static long chunk(char[] text, int from, int digits) {
    long value = 0;
    for (int i = from; i < from + digits; i++) {
      value = value * 10 + (text[i] - '0');
    }
    return value;
  }

  private static int hexDigit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' && c < 0x80 ? lower - 'a' + 10 : -1;
  }
}
