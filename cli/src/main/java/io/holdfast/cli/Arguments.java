package io.holdfast.cli;

import io.holdfast.client.FlagNames;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the values of options; every refusal names the option, the value and what is allowed. */
final class Arguments {
  private Arguments() {}

  static UInt128 id(String option, String text) {
    try {
      return UInt128.parseId(text);
    } catch (HoldfastException e) {
      throw wrong(option, text, "a decimal number below 2^128 or 32 hex digits");
    }
  }

  /** An unsigned number of so many bits. */
  static BigInteger number(String option, String text, int bits) {
    BigInteger max = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
    String allowed = "a whole number from 0 to " + max;
    try {
      BigInteger value = UInt128.parseDecimal(text).toBigInteger();
      if (value.compareTo(max) <= 0) {
        return value;
      }
    } catch (HoldfastException e) {
      throw wrong(option, text, allowed);
    }
    throw wrong(option, text, allowed);
  }

  /** An unsigned number of 32 bits, in the bits of an int; null if none is given. */
  static @Nullable Integer filter32(String option, @Nullable String text) {
    return text == null ? null : (Integer) number(option, text, 32).intValue();
  }

  /** An unsigned number of 16 bits; null if none is given. */
  static @Nullable Integer filter16(String option, @Nullable String text) {
    return text == null ? null : (Integer) number(option, text, 16).intValue();
  }

  /** An amount in minor units, or with a scale in major units with that many decimals. */
  static UInt128 amount(String option, String text, int scale) {
    checkScale(scale);
    try {
      BigInteger units = DecimalAmount.PLAIN.minorUnits(text, scale);
      if (units.signum() >= 0 && units.bitLength() <= 128) {
        return UInt128.of(units);
      }
      throw wrong(option, text, "an amount from 0 that fits into 128 bits");
    } catch (RowRefused e) {
      String hint =
          scale == 0 && text.matches("[0-9]+\\.[0-9]+")
              ? "without --scale amounts are whole minor units; for "
                  + text
                  + " add --scale "
                  + (text.length() - text.indexOf('.') - 1)
              : "";
      throw new HoldfastException("usage", option + ": " + e.reason(), hint);
    }
  }

  static void checkScale(int scale) {
    if (scale < 0 || scale > 18) {
      throw wrong("--scale", Integer.toString(scale), "0 to 18 decimals");
    }
  }

  /** The bits of flags given by name. */
  static int flags(FlagNames names, List<String> given, List<String> allowed) {
    int bits = 0;
    for (String name : given) {
      String plain = name.strip().replace('-', '_');
      if (!allowed.contains(plain)) {
        String near = Nearest.hint(plain, allowed);
        throw new HoldfastException(
            "usage", "--flags has '" + name + "'; allowed: " + String.join(", ", allowed), near);
      }
      bits |= names.bit(plain);
    }
    return bits;
  }

  static HoldfastException wrong(String option, String value, String allowed) {
    return new HoldfastException("usage", option + " is '" + value + "'; allowed: " + allowed, "");
  }

  static void addIf(List<String> words, boolean wanted, String word) {
    if (wanted) {
      words.add(word);
    }
  }

  /** Refuses what is only blanks. */
  static void demandText(String option, String text) {
    if (text.isBlank()) {
      throw wrong(option, text, "some words");
    }
  }
}
