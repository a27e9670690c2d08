package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads a mapping file, strictly: whatever it does not know, it refuses by name and line. */
final class MappingReader {
  private final String file;
  private final YamlMap top;
  private final String namespace;
  private final FieldReader fields;

  private MappingReader(String file, YamlMap top) {
    this.file = file;
    this.top =
        top.allow(
            "namespace",
            "csv",
            "currency",
            "currencies",
            "account",
            "counter-accounts",
            "transfer",
            "check-balances");
    this.namespace = top.text("namespace");
    this.fields = new FieldReader(namespace);
  }

  /** Reads the file; code {@code malformed-mapping} names line and key of what is wrong. */
  static Mapping read(Path path) {
    try {
      return parse(path.toString(), Files.readString(path));
    } catch (IOException e) {
      throw new HoldfastException(
          "unreadable-file", path + " cannot be read: " + e, "check the path", e);
    }
  }

  static Mapping parse(String file, String text) {
    Node root;
    try {
      root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw new HoldfastException(
          "malformed-mapping",
          file + " line " + line + ": this is no YAML: " + e.getProblem(),
          "indent with spaces, and quote values that hold ':' or '#'",
          e);
    }
    if (root == null) {
      throw new HoldfastException(
          "malformed-mapping", file + " is empty", "see docs/reference/import.md");
    }
    return new MappingReader(file, YamlMap.of(file, "", root)).mapping();
  }

  private Mapping mapping() {
    CsvFormat csv = top.has("csv") ? csv(top.map("csv")) : csvDefaults();
    CurrencyRule currency = currency();
    AccountRule account = account(top.map("account"));
    TransferRule transfer = transfer(top.map("transfer"));
    List<CounterRule> counters = new ArrayList<>();
    for (YamlMap counter : top.maps("counter-accounts")) {
      counters.add(counter(counter, transfer.code() == null));
    }
    if (counters.isEmpty()) {
      throw top.refused("counter-accounts", "empty", "at least one rule");
    }
    BalanceRule balances = top.has("check-balances") ? balances(top.map("check-balances")) : null;
    return new Mapping(
        file,
        namespace,
        csv,
        currency,
        account,
        List.copyOf(counters),
        transfer,
        balances,
        fields.columns());
  }

  private static CsvFormat csvDefaults() {
    return new CsvFormat(StandardCharsets.UTF_8, ',', '"', 0, true, List.of());
  }

  private static CsvFormat csv(YamlMap map) {
    map.allow("encoding", "separator", "quote", "header", "skip-lines", "columns");
    boolean header = map.truth("header", true);
    if (header == map.has("columns")) {
      throw map.refused(
          "columns",
          header ? "there although the file has a header" : "missing although there is no header",
          "the names of all columns in order, if and only if header is false");
    }
    boolean unquoted = map.optionalText("quote").orElse("\"").isEmpty();
    Character quote = unquoted ? null : map.optionalCharacter("quote").orElse('"');
    return new CsvFormat(
        encoding(map),
        map.optionalCharacter("separator").orElse(','),
        quote,
        (int) map.number("skip-lines", 0, 1_000, 0),
        header,
        header ? List.of() : map.texts("columns"));
  }

  private static Charset encoding(YamlMap map) {
    String name = map.optionalText("encoding").orElse("UTF-8");
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw map.refused(
          "encoding",
          "'" + name + "'",
          "a character set that Java knows, such as UTF-8, ISO-8859-1, windows-1250, GB18030");
    }
  }

  private CurrencyRule currency() {
    YamlMap all = top.map("currencies");
    Map<String, CurrencyRule.Currency> known = new LinkedHashMap<>();
    for (String name : all.keys()) {
      YamlMap one = all.map(name).allow("ledger", "scale");
      int ledger = (int) one.number("ledger", 1, 0xFFFF_FFFFL);
      known.put(name, new CurrencyRule.Currency(name, ledger, (int) one.number("scale", 0, 18)));
    }
    if (top.isMap("currency")) {
      Column column = fields.column(top.map("currency").allow("column"), "column");
      return new CurrencyRule(column, null, known);
    }
    String name = top.text("currency");
    CurrencyRule.Currency constant = known.get(name);
    if (constant == null) {
      throw top.refused("currency", "'" + name + "'", String.join(", ", known.keySet()));
    }
    return new CurrencyRule(null, constant, known);
  }

  private AccountRule account(YamlMap map) {
    map.allow("id", "code", "flags", "user-data-128", "user-data-64", "user-data-32", "normal");
    boolean creditNormal =
        switch (map.optionalText("normal").orElse("credit")) {
          case "credit" -> true;
          case "debit" -> false;
          default -> throw map.refused("normal", "'" + map.text("normal") + "'", "credit or debit");
        };
    return new AccountRule(
        fields.id(map, "id", "account"),
        fields.code(map, "code"),
        FieldReader.accountFlags(map, "flags"),
        fields.optional(map, "user-data-128", 128),
        fields.optional(map, "user-data-64", 64),
        fields.optional(map, "user-data-32", 32),
        creditNormal);
  }

  private CounterRule counter(YamlMap map, boolean transferCodeNeeded) {
    map.allow("when", "name", "code", "flags", "transfer-code");
    List<CounterRule.Condition> conditions = new ArrayList<>();
    map.optionalMap("when")
        .ifPresent(
            when -> {
              for (String column : when.keys()) {
                conditions.add(
                    new CounterRule.Condition(
                        fields.named(column, when.lineOf(column)), when.texts(column)));
              }
            });
    String name = map.text("name");
    List<Column> placeholders = new ArrayList<>();
    Matcher matcher = CounterRule.PLACEHOLDER.matcher(name);
    while (matcher.find()) {
      placeholders.add(fields.named(matcher.group(1), map.lineOf("name")));
    }
    if (transferCodeNeeded && !map.has("transfer-code")) {
      throw map.error(
          map.lineOf("name"),
          "the counter-account '" + name + "' has no 'transfer-code'",
          "give transfer.code for all, or a transfer-code in each counter-account");
    }
    return new CounterRule(
        conditions,
        name,
        List.copyOf(placeholders),
        fields.code(map, "code"),
        FieldReader.accountFlags(map, "flags"),
        fields.optionalCode(map, "transfer-code"));
  }

  private TransferRule transfer(YamlMap map) {
    map.allow(
        "id",
        "amount",
        "direction",
        "code",
        "user-data-128",
        "user-data-64",
        "user-data-32",
        "date",
        "details");
    return new TransferRule(
        fields.id(map, "id", "transfer"),
        amount(map),
        fields.optionalCode(map, "code"),
        fields.optional(map, "user-data-128", 128),
        fields.optional(map, "user-data-64", 64),
        fields.optional(map, "user-data-32", 32),
        map.has("date") ? date(map.map("date")) : null,
        map.has("details") ? fields.columns(map, "details") : List.of());
  }

  private AmountRule amount(YamlMap map) {
    YamlMap amount =
        map.map("amount")
            .allow("column", "credit-column", "debit-column", "decimal-mark", "grouping");
    DecimalAmount format = FieldReader.decimals(amount);
    if (amount.has("credit-column") || amount.has("debit-column")) {
      if (amount.has("column") || map.has("direction")) {
        throw amount.refused(
            "credit-column",
            "there beside 'column' or 'direction'",
            "a column for each side alone: which of them is filled tells the side");
      }
      return new AmountRule.TwoColumns(
          fields.column(amount, "credit-column"), fields.column(amount, "debit-column"), format);
    }
    return new AmountRule.OneColumn(fields.column(amount, "column"), format, direction(map));
  }

  private AmountRule.@Nullable Direction direction(YamlMap map) {
    if (!map.has("direction")) {
      return null;
    }
    YamlMap direction = map.map("direction").allow("column", "credit", "debit");
    AmountRule.Direction rule =
        new AmountRule.Direction(
            fields.column(direction, "column"),
            direction.texts("credit"),
            direction.texts("debit"));
    for (String word : rule.credit()) {
      if (rule.debit().contains(word)) {
        throw direction.refused("debit", "'" + word + "', as is 'credit'", "one side per word");
      }
    }
    return rule;
  }

  private TransferRule.DateRule date(YamlMap map) {
    map.allow("column", "pattern", "zone", "first-year");
    String pattern = map.text("pattern");
    String zone = map.optionalText("zone").orElse("UTC");
    ZoneId zoneId;
    try {
      zoneId = ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw map.refused("zone", "'" + zone + "'", "a time zone such as UTC or Europe/Prague");
    }
    int firstYear = (int) map.number("first-year", 1900, 2100, 1950);
    try {
      return new TransferRule.DateRule(
          fields.column(map, "column"), new RowDate(pattern, zoneId, firstYear));
    } catch (IllegalArgumentException e) {
      throw map.refused(
          "pattern",
          "'" + pattern + "'",
          "a date pattern such as yyyy-MM-dd, yyMMdd or dd.MM.yyyy");
    }
  }

  private BalanceRule balances(YamlMap map) {
    map.allow("column", "tolerance-per-movement", "decimal-mark", "grouping");
    String tolerance = map.optionalText("tolerance-per-movement").orElse("0");
    try {
      BigDecimal value = new BigDecimal(tolerance);
      if (value.signum() >= 0) {
        return new BalanceRule(fields.column(map, "column"), FieldReader.decimals(map), value);
      }
    } catch (NumberFormatException e) {
      throw toleranceRefused(map, tolerance);
    }
    throw toleranceRefused(map, tolerance);
  }

  private static HoldfastException toleranceRefused(YamlMap map, String tolerance) {
    return map.refused(
        "tolerance-per-movement", "'" + tolerance + "'", "an amount from 0, such as 0.10");
  }
}
