package io.holdfast.kernel;

import java.math.BigInteger;

/**
 * An unsigned 128-bit integer: an id or an amount in minor units, at the edges of the system.
 * Inside the ledger the two halves are handled as plain longs.
 *
 * @param hi the upper 64 bits
 * @param lo the lower 64 bits
 */
public record UInt128(long hi, long lo) implements Comparable<UInt128> {
  public static final UInt128 ZERO = new UInt128(0, 0);
  public static final UInt128 MAX = new UInt128(-1, -1);

  private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(128);
  private static final String ALLOWED =
      "allowed is a decimal number from 0 to 340282366920938463463374607431768211455";

  /** A value from a non-negative long. */
  public static UInt128 of(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("negative: " + value);
    }
    return new UInt128(0, value);
  }

  public static UInt128 of(BigInteger value) {
    if (value.signum() < 0 || value.compareTo(LIMIT) >= 0) {
      throw new HoldfastException(
          "malformed-number", "'" + value + "' is no amount: " + ALLOWED, "");
    }
    return new UInt128(value.shiftRight(64).longValue(), value.longValue());
  }

  /** Parses a decimal number; anything but digits is refused with code {@code malformed-number}. */
  public static UInt128 parseDecimal(String text) {
    if (text.isEmpty() || text.length() > 39 || !digitsOnly(text)) {
      throw new HoldfastException(
          "malformed-number", "'" + shown(text) + "' is no number: " + ALLOWED, "");
    }
    return of(new BigInteger(text));
  }

  /** Parses an id: decimal, or exactly 32 hex digits. */
  public static UInt128 parseId(String text) {
    if (text.length() == 32 && hexOnly(text)) {
      return new UInt128(
          Long.parseUnsignedLong(text, 0, 16, 16), Long.parseUnsignedLong(text, 16, 32, 16));
    }
    if (text.isEmpty() || text.length() > 39 || !digitsOnly(text)) {
      throw new HoldfastException(
          "malformed-id",
          "'"
              + shown(text)
              + "' is no id: allowed is a decimal number below 2^128 or 32 hex digits",
          "");
    }
    return of(new BigInteger(text));
  }

  public boolean isZero() {
    return (hi | lo) == 0;
  }

  public BigInteger toBigInteger() {
    return new BigInteger(Long.toUnsignedString(hi))
        .shiftLeft(64)
        .or(new BigInteger(Long.toUnsignedString(lo)));
  }

  /** 32 lower-case hex digits. */
  public String toHex() {
    return String.format("%016x%016x", hi, lo);
  }

  /**
   * The id as it is written in JSON and on screen: decimal below 2^64, else 32 hex digits. So
   * {@link #parseId} reads back what this wrote; a decimal of 32 digits would be taken for hex.
   */
  public String toId() {
    return hi == 0 ? Long.toUnsignedString(lo) : toHex();
  }

  @Override
  public int compareTo(UInt128 other) {
    int upper = Long.compareUnsigned(hi, other.hi);
    return upper != 0 ? upper : Long.compareUnsigned(lo, other.lo);
  }

  /** Decimal digits. */
  @Override
  public String toString() {
    return hi == 0 ? Long.toUnsignedString(lo) : toBigInteger().toString();
  }

  private static boolean digitsOnly(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean hexOnly(String text) {
    return text.chars()
        .allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
  }

  private static String shown(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "…";
  }
}
