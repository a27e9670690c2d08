package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.AccountFlags;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the smaller things in a mapping: columns, fields, ids, flags; collects the columns. */
final class FieldReader {
  /**
   * Flags that an imported account may have; the others are set by the importer or by transfers.
   */
  private static final Map<String, Integer> ACCOUNT_FLAGS =
      Map.of(
          "debits_must_not_exceed_credits", AccountFlags.DEBITS_MUST_NOT_EXCEED_CREDITS,
          "credits_must_not_exceed_debits", AccountFlags.CREDITS_MUST_NOT_EXCEED_DEBITS,
          "history", AccountFlags.HISTORY);

  private final String namespace;
  private final Set<Column> columns = new LinkedHashSet<>();

  FieldReader(String namespace) {
    this.namespace = namespace;
  }

  /** All columns named so far. */
  Set<Column> columns() {
    return columns;
  }

  Column column(YamlMap map, String key) {
    return named(map.text(key), map.lineOf(key));
  }

  Column named(String name, int line) {
    Column column = new Column(name, line);
    columns.add(column);
    return column;
  }

  List<Column> columns(YamlMap map, String key) {
    int line = map.lineOf(key);
    return map.texts(key).stream().map(name -> named(name, line)).toList();
  }

  /** A field that is zero unless the mapping says otherwise. */
  Field optional(YamlMap map, String key, int bits) {
    return map.has(key) ? required(map, key, bits, 0) : Field.Constant.ZERO;
  }

  /** A code: 1 to 65,535. */
  Field code(YamlMap map, String key) {
    return required(map, key, 16, 1);
  }

  @Nullable Field optionalCode(YamlMap map, String key) {
    return map.has(key) ? code(map, key) : null;
  }

  private Field required(YamlMap map, String key, int bits, int min) {
    if (!map.isMap(key)) {
      return new Field.Constant(number(map, key, bits, min));
    }
    YamlMap field = map.map(key).allow("column", "values", "otherwise", "hash");
    Column column = column(field, "column");
    if (field.truth("hash", false)) {
      if (bits < 128) {
        throw field.refused("hash", "true", "false: only 128 bits can hold a hash");
      }
      return new Field.Hashed(column, namespace);
    }
    if (!field.has("values")) {
      if (field.has("otherwise")) {
        throw field.refused("otherwise", "there without 'values'", "both or neither");
      }
      return new Field.WholeNumber(column, bits);
    }
    YamlMap words = field.map("values");
    Map<String, UInt128> values = new LinkedHashMap<>();
    for (String word : words.keys()) {
      values.put(word, number(words, word, bits, min));
    }
    UInt128 otherwise = field.has("otherwise") ? number(field, "otherwise", bits, min) : null;
    return new Field.Chosen(column, values, otherwise);
  }

  private static UInt128 number(YamlMap map, String key, int bits, int min) {
    String text = map.text(key);
    BigInteger max = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
    try {
      UInt128 value = UInt128.parseDecimal(text);
      BigInteger big = value.toBigInteger();
      if (big.compareTo(max) <= 0 && big.compareTo(BigInteger.valueOf(min)) >= 0) {
        return value;
      }
    } catch (HoldfastException e) {
      throw map.refused(key, "'" + text + "'", "a whole number from " + min + " to " + max);
    }
    throw map.refused(key, text, "a whole number from " + min + " to " + max);
  }

  /** A map with {@code column} or {@code columns}, and {@code as: number} or {@code as: hash}. */
  IdRule id(YamlMap map, String key, String kind) {
    YamlMap id = map.map(key).allow("column", "columns", "as");
    if (id.has("column") == id.has("columns")) {
      throw id.error(
          map.lineOf(key),
          "'" + key + "' takes either 'column' or 'columns'",
          "an id comes from one column, or from several together");
    }
    List<Column> from = id.has("column") ? List.of(column(id, "column")) : columns(id, "columns");
    boolean number =
        switch (id.optionalText("as").orElse("hash")) {
          case "hash" -> false;
          case "number" -> true;
          default -> throw id.refused("as", "'" + id.text("as") + "'", "hash or number");
        };
    if (number && from.size() != 1) {
      throw id.refused("as", "number", "hash when the id comes from several columns");
    }
    return new IdRule(from, number, namespace, kind);
  }

  static int accountFlags(YamlMap map, String key) {
    int flags = 0;
    if (map.has(key)) {
      for (String name : map.texts(key)) {
        Integer flag = ACCOUNT_FLAGS.get(name);
        if (flag == null) {
          List<String> allowed = ACCOUNT_FLAGS.keySet().stream().sorted().toList();
          throw map.refused(key, "'" + name + "'", String.join(", ", allowed));
        }
        flags |= flag;
      }
    }
    return flags;
  }

  static DecimalAmount decimals(YamlMap map) {
    char mark = map.optionalCharacter("decimal-mark").orElse('.');
    String grouping = map.optionalText("grouping").orElse("");
    if (grouping.indexOf(mark) >= 0) {
      throw map.refused("grouping", "'" + grouping + "'", "characters other than decimal-mark");
    }
    return new DecimalAmount(mark, grouping);
  }
}
