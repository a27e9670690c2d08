package io.holdfast.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which currency a row is in.
 *
 * @param column that names it; null if all rows are in one
 * @param constant the one currency; null if a column names it
 */
record CurrencyRule(
    @Nullable Column column, @Nullable Currency constant, Map<String, Currency> known) {

  /**
   * A currency and its place in the ledger.
   *
   * @param ledger number of the ledger that holds its accounts
   * @param scale decimals of an amount
   */
  record Currency(String name, int ledger, int scale) {}

  Currency of(Cells cells) throws RowRefused {
    if (constant != null) {
      return constant;
    }
    if (column == null) {
      throw new IllegalStateException("a currency rule has a column or a constant");
    }
    String name = cells.get(column);
    Currency currency = known.get(name);
    if (currency == null) {
      throw new RowRefused(
          "unknown-currency",
          "column '%s' is '%s'; the mapping knows: %s"
              .formatted(column.name(), name, String.join(", ", known.keySet())));
    }
    return currency;
  }
}
