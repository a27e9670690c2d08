package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/**
 * Names a key that details are sealed under: the period that it serves, and a fingerprint that
 * tells nothing about it. In bytes: period (4), fingerprint (8), little-endian.
 */
public record DetailsKeyName(DetailsPeriod period, long fingerprint) {
  public static final int BYTES = 12;

  private static final int FINGERPRINT = 4;

  public static DetailsKeyName read(MemorySegment from, long at) {
    return new DetailsKeyName(
        new DetailsPeriod(from.get(JAVA_INT_UNALIGNED, at)),
        from.get(JAVA_LONG_UNALIGNED, at + FINGERPRINT));
  }

  public void write(MemorySegment to, long at) {
    to.set(JAVA_INT_UNALIGNED, at, period.code());
    to.set(JAVA_LONG_UNALIGNED, at + FINGERPRINT, fingerprint);
  }

  /** Such as {@code 2026-03-0123456789abcdef}. */
  public String label() {
    return period.label() + "-" + HexFormat.of().toHexDigits(fingerprint);
  }

  @Override
  public String toString() {
    return label();
  }
}
