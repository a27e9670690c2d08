package io.holdfast.cli;

import io.holdfast.kernel.DerivedId;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.util.ArrayList;
import java.util.List;

/**
 * How an id follows from a row: the number in a column itself, or a hash of the namespace, the kind
 * and the values of one or more columns.
 */
record IdRule(List<Column> columns, boolean number, String namespace, String kind) {
  UInt128 of(Cells cells) throws RowRefused {
    List<String> parts = new ArrayList<>(List.of(namespace, kind));
    for (Column column : columns) {
      String value = cells.get(column);
      if (value.isEmpty()) {
        throw new RowRefused(
            "missing-id", "column '%s' is empty; the id comes from it".formatted(column.name()));
      }
      parts.add(value);
    }
    return number ? number(parts.getLast()) : DerivedId.of(parts.toArray(String[]::new));
  }

  private UInt128 number(String text) throws RowRefused {
    try {
      UInt128 id = UInt128.parseDecimal(text);
      if (!id.isZero() && !id.equals(UInt128.MAX)) {
        return id;
      }
    } catch (HoldfastException e) {
      throw malformed(text);
    }
    throw malformed(text);
  }

  private RowRefused malformed(String text) {
    return new RowRefused(
        "malformed-id",
        "column '%s' is '%s'; allowed is a whole number from 1 to 2^128 - 2"
            .formatted(columns.getFirst().name(), text));
  }
}
