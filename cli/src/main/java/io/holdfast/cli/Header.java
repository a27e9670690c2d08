package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The names of a file's columns, in order. */
final class Header {
  private final List<String> names;
  private final Map<String, Integer> positions = new HashMap<>();

  Header(List<String> names) {
    this.names = names.stream().map(String::strip).toList();
    for (int i = 0; i < this.names.size(); i++) {
      String name = this.names.get(i);
      if (!name.isEmpty() && positions.put(name, i) != null) {
        throw new HoldfastException(
            "malformed-csv",
            "the column '" + name + "' stands twice in the header",
            "give each column a name of its own, or skip the header with csv.skip-lines and name the"
                + " columns in csv.columns");
      }
    }
  }

  List<String> names() {
    return names;
  }

  int size() {
    return names.size();
  }

  /** Where the column is, from 0. */
  int position(Column column) {
    Integer position = positions.get(column.name());
    if (position == null) {
      throw new IllegalStateException("column " + column.name() + " was checked to be there");
    }
    return position;
  }

  /** Refuses a mapping that names columns which the file does not have. */
  void check(Iterable<Column> columns, String mappingFile) {
    for (Column column : columns) {
      if (!positions.containsKey(column.name())) {
        String near = Nearest.hint(column.name(), positions.keySet());
        throw new HoldfastException(
            "unknown-column",
            "%s line %d: the file has no column '%s'; it has: %s"
                .formatted(mappingFile, column.line(), column.name(), String.join(", ", names)),
            near.isEmpty() ? "check csv.separator and csv.header in the mapping" : near);
      }
    }
  }
}
