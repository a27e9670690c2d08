package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.holdfast.kernel.UInt128;
import java.lang.foreign.MemorySegment;

/** 128-bit fields of a record: little-endian, lower half first. */
public final class Records128 {
  private Records128() {}

  public static UInt128 read(MemorySegment from, long at) {
    return new UInt128(from.get(JAVA_LONG_UNALIGNED, at + 8), from.get(JAVA_LONG_UNALIGNED, at));
  }

  public static void write(UInt128 value, MemorySegment to, long at) {
    to.set(JAVA_LONG_UNALIGNED, at, value.lo());
    to.set(JAVA_LONG_UNALIGNED, at + 8, value.hi());
  }
}
