package io.holdfast.cli;

import io.holdfast.kernel.DerivedId;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the number in one field of a record comes from. */
sealed interface Field {
  /** The number for this row. */
  UInt128 of(Cells cells) throws RowRefused;

  /** The same number in every row. */
  record Constant(UInt128 value) implements Field {
    static final Constant ZERO = new Constant(UInt128.ZERO);

    @Override
    public UInt128 of(Cells cells) {
      return value;
    }
  }

  /** A whole number that stands in a column; an empty cell is zero. */
  record WholeNumber(Column column, int bits) implements Field {
    @Override
    public UInt128 of(Cells cells) throws RowRefused {
      String text = cells.get(column);
      if (text.isEmpty()) {
        return UInt128.ZERO;
      }
      try {
        UInt128 value = UInt128.parseDecimal(text);
        if (value.toBigInteger().bitLength() <= bits) {
          return value;
        }
      } catch (HoldfastException e) {
        throw malformed(text);
      }
      throw malformed(text);
    }

    private RowRefused malformed(String text) {
      BigInteger max = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
      return new RowRefused(
          "malformed-number",
          "column '%s' is '%s'; allowed is a whole number from 0 to %s"
              .formatted(column.name(), text, max));
    }
  }

  /** A text that is no number, hashed into 128 bits; an empty cell is zero. */
  record Hashed(Column column, String namespace) implements Field {
    @Override
    public UInt128 of(Cells cells) {
      String text = cells.get(column);
      return text.isEmpty() ? UInt128.ZERO : DerivedId.of(namespace, "text", text);
    }
  }

  /**
   * A number for each word that a column may hold.
   *
   * @param otherwise for every other word; null refuses the row
   */
  record Chosen(Column column, Map<String, UInt128> values, @Nullable UInt128 otherwise)
      implements Field {
    @Override
    public UInt128 of(Cells cells) throws RowRefused {
      String text = cells.get(column);
      UInt128 value = values.getOrDefault(text, otherwise);
      if (value == null) {
        throw new RowRefused(
            "unknown-value",
            "column '%s' is '%s'; the mapping knows: %s"
                .formatted(column.name(), text, String.join(", ", values.keySet())));
      }
      return value;
    }
  }
}
