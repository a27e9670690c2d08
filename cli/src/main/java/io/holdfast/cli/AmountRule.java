package io.holdfast.cli;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a row's amount stands, and whether it credits or debits the row's account. */
sealed interface AmountRule {
  /** Minor units; positive credits the account of the row, negative debits it. */
  BigInteger signed(Cells cells, int scale) throws RowRefused;

  /** One column of amounts; their own sign tells the side, or another column does. */
  record OneColumn(Column column, DecimalAmount format, @Nullable Direction direction)
      implements AmountRule {
    @Override
    public BigInteger signed(Cells cells, int scale) throws RowRefused {
      BigInteger amount = parse(column, format, cells, scale);
      if (direction == null) {
        return amount;
      }
      if (amount.signum() < 0) {
        throw new RowRefused(
            "negative-amount",
            "column '%s' is '%s'; the side comes from column '%s', so no sign is allowed"
                .formatted(column.name(), cells.get(column), direction.column().name()));
      }
      return direction.credits(cells) ? amount : amount.negate();
    }
  }

  /** One column for each side, one of them empty in each row. */
  record TwoColumns(Column credit, Column debit, DecimalAmount format) implements AmountRule {
    @Override
    public BigInteger signed(Cells cells, int scale) throws RowRefused {
      boolean credits = !cells.get(credit).isEmpty();
      if (credits != cells.get(debit).isEmpty()) {
        throw new RowRefused(
            "no-side",
            "exactly one of the columns '%s' and '%s' has to hold an amount"
                .formatted(credit.name(), debit.name()));
      }
      BigInteger amount = parse(credits ? credit : debit, format, cells, scale).abs();
      return credits ? amount : amount.negate();
    }
  }

  /** The column whose words tell the side. */
  record Direction(Column column, List<String> credit, List<String> debit) {
    boolean credits(Cells cells) throws RowRefused {
      String word = cells.get(column);
      if (credit.contains(word)) {
        return true;
      }
      if (debit.contains(word)) {
        return false;
      }
      throw new RowRefused(
          "no-side",
          "column '%s' is '%s'; it credits for: %s; it debits for: %s"
              .formatted(column.name(), word, String.join(", ", credit), String.join(", ", debit)));
    }
  }

  private static BigInteger parse(Column column, DecimalAmount format, Cells cells, int scale)
      throws RowRefused {
    try {
      return format.minorUnits(cells.get(column), scale);
    } catch (RowRefused e) {
      throw new RowRefused(e.code(), "column '" + column.name() + "': " + e.reason());
    }
  }
}
