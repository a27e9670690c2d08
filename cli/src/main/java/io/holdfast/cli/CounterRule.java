package io.holdfast.cli;

import io.holdfast.kernel.DerivedId;
import io.holdfast.kernel.UInt128;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The other side of a movement, for rows that meet all conditions. The first rule that a row meets
 * is taken.
 *
 * @param name of the account; {@code {column}} stands for the value of a column, so that one rule
 *     can make an account for each bank, shop or category
 * @param placeholders the columns in the name
 * @param transferCode the code of the transfers; null if the transfer's own rule gives it
 */
record CounterRule(
    List<Condition> conditions,
    String name,
    List<Column> placeholders,
    Field code,
    int flags,
    @Nullable Field transferCode) {
  static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]+)}");

  /** A column has one of these values; an empty text stands for an empty cell. */
  record Condition(Column column, List<String> values) {}

  boolean meets(Cells cells) {
    for (Condition condition : conditions) {
      if (!condition.values().contains(cells.get(condition.column()))) {
        return false;
      }
    }
    return true;
  }

  /** The account's name for this row. */
  String nameOf(Cells cells) throws RowRefused {
    String expanded = name;
    for (Column column : placeholders) {
      String value = cells.get(column);
      if (value.isEmpty()) {
        throw new RowRefused(
            "no-counter-account",
            "column '%s' is empty; the counter-account '%s' is named by it"
                .formatted(column.name(), name));
      }
      expanded = expanded.replace("{" + column.name() + "}", value);
    }
    return expanded;
  }

  /** The account's id: the same name in the same currency is the same account. */
  static UInt128 id(String namespace, String name, String currency) {
    return DerivedId.of(namespace, "counter-account", name, currency);
  }
}
