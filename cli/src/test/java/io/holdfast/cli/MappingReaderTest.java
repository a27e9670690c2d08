package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingReaderTest {
  private static final String GOOD =
      """
      namespace: bank
      csv:
        separator: ";"
      currency: CZK
      currencies:
        CZK: {ledger: 203, scale: 2}
      account:
        id: {column: account}
        code: 1000
      counter-accounts:
        - name: other
          code: 900
      transfer:
        id: {column: id}
        amount: {column: amount}
        direction: {column: type, credit: IN, debit: [OUT, FEE]}
        code: 1
      """;

  @Test
  void a_good_mapping_names_the_columns_it_needs() {
    Mapping mapping = MappingReader.parse("m.yaml", GOOD);
    assertThat(mapping.columns())
        .extracting(Column::name)
        .containsExactlyInAnyOrder("account", "id", "amount", "type");
    assertThat(mapping.csv().separator()).isEqualTo(';');
  }

  /** What is replaced in the good mapping, by what, and how that is told. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "code: 900 | cod: 900 | m.yaml line 12: unknown key 'cod' in 'counter-accounts[0]'; allowed:"
            + " when, name, code, flags, transfer-code | did you mean 'code'?",
        "namespace: bank | namespac: bank | m.yaml line 1: unknown key 'namespac'; allowed:"
            + " namespace, csv, currency, currencies, account, counter-accounts, transfer,"
            + " check-balances | did you mean 'namespace'?",
        "code: 1000 | code: 70000 | m.yaml line 9: 'account.code' is 70000; allowed: a whole number"
            + " from 1 to 65535 | ''",
        "code: 1000 | code: 0 | m.yaml line 9: 'account.code' is 0; allowed: a whole number from 1"
            + " to 65535 | ''",
        "code: 1000 | code: x | m.yaml line 9: 'account.code' is 'x'; allowed: a whole number from 1"
            + " to 65535 | ''",
        "scale: 2 | scale: 19 | m.yaml line 6: 'currencies.CZK.scale' is 19; allowed: a whole number"
            + " from 0 to 18 | ''",
        "currency: CZK | currency: EUR | m.yaml line 4: 'currency' is 'EUR'; allowed: CZK | ''",
        "separator: \";\" | separator: \";;\" | m.yaml line 3: 'csv.separator' is ';;'; allowed: one"
            + " character | ''",
        "separator: \";\" | encoding: latin99 | m.yaml line 3: 'csv.encoding' is 'latin99'; allowed:"
            + " a character set that Java knows, such as UTF-8, ISO-8859-1, windows-1250, GB18030"
            + " | ''",
        "separator: \";\" | header: perhaps | m.yaml line 3: 'csv.header' is 'perhaps'; allowed:"
            + " true or false | ''",
        "id: {column: account} | id: {column: account, as: text} | m.yaml line 8: 'account.id.as' is"
            + " 'text'; allowed: hash or number | ''",
        "id: {column: account} | id: {} | m.yaml line 8: 'id' takes either 'column' or 'columns' | an"
            + " id comes from one column, or from several together",
        "amount: {column: amount} | amount: {column: amount, credit-column: x} | m.yaml line 15:"
            + " 'transfer.amount.credit-column' is there beside 'column' or 'direction'; allowed: a"
            + " column for each side alone: which of them is filled tells the side | ''",
        "debit: [OUT, FEE] | debit: [OUT, IN] | m.yaml line 16: 'transfer.direction.debit' is 'IN',"
            + " as is 'credit'; allowed: one side per word | ''",
      })
  void what_is_wrong_is_told_by_line_key_and_what_is_allowed(
      String good, String bad, String message, String hint) {
    assertRefused(GOOD.replace(good, bad), message, hint);
  }

  @Test
  void a_missing_key_is_named() {
    assertRefused(
        GOOD.replace("  amount: {column: amount}\n", ""),
        "m.yaml line 14: 'transfer.amount' is missing",
        "see docs/reference/import.md");
  }

  @Test
  void a_key_that_stands_twice_is_refused() {
    assertRefused(
        GOOD + "namespace: again\n", "m.yaml line 18: the key 'namespace' stands twice", "");
  }

  @Test
  void a_transfer_without_a_code_needs_one_in_every_counter_account() {
    assertRefused(
        GOOD.replace("  code: 1\n", ""),
        "m.yaml line 11: the counter-account 'other' has no 'transfer-code'",
        "give transfer.code for all, or a transfer-code in each counter-account");
  }

  @Test
  void an_unknown_flag_is_refused_with_those_that_are_allowed() {
    assertRefused(
        GOOD.replace("code: 1000", "code: 1000\n  flags: [overdraft]"),
        "m.yaml line 10: 'account.flags' is 'overdraft'; allowed: credits_must_not_exceed_debits,"
            + " debits_must_not_exceed_credits, history",
        "");
  }

  @Test
  void a_wrong_date_pattern_or_zone_is_refused() {
    assertRefused(
        GOOD + "  date: {column: date, pattern: yyXXQQbb}\n",
        "m.yaml line 18: 'transfer.date.pattern' is 'yyXXQQbb'; allowed: a date pattern such as"
            + " yyyy-MM-dd, yyMMdd or dd.MM.yyyy",
        "");
    assertRefused(
        GOOD + "  date: {column: date, pattern: yyMMdd, zone: Prague}\n",
        "m.yaml line 18: 'transfer.date.zone' is 'Prague'; allowed: a time zone such as UTC or"
            + " Europe/Prague",
        "");
  }

  @Test
  void a_wrong_tolerance_is_refused() {
    assertRefused(
        GOOD + "check-balances: {column: balance, tolerance-per-movement: -1}\n",
        "m.yaml line 18: 'check-balances.tolerance-per-movement' is '-1'; allowed: an amount from 0,"
            + " such as 0.10",
        "");
  }

  @Test
  void what_is_no_yaml_is_refused_with_its_line() {
    assertThatThrownBy(() -> MappingReader.parse("m.yaml", "a: [1\nb: 2\n"))
        .isInstanceOf(HoldfastException.class)
        .hasMessageStartingWith("m.yaml line 2: this is no YAML: ");
    assertRefused("", "m.yaml is empty", "see docs/reference/import.md");
    assertRefused(
        "- a\n",
        "m.yaml line 1: the file has to be a map of keys and values",
        "write 'key: value' lines");
  }

  @Test
  void a_column_that_the_file_does_not_have_is_named_with_the_line_that_wants_it() {
    Mapping mapping = MappingReader.parse("m.yaml", GOOD);
    Header header = new Header(List.of("acount", "id", "amount", "type"));
    assertThatThrownBy(() -> header.check(mapping.columns(), mapping.file()))
        .isInstanceOfSatisfying(
            HoldfastException.class,
            e -> {
              assertThat(e.code()).isEqualTo("unknown-column");
              assertThat(e.hint()).isEqualTo("did you mean 'acount'?");
            })
        .hasMessage(
            "m.yaml line 8: the file has no column 'account'; it has: acount, id, amount, type");
  }

  private static void assertRefused(String mapping, String message, String hint) {
    assertThatThrownBy(() -> MappingReader.parse("m.yaml", mapping))
        .isInstanceOfSatisfying(
            HoldfastException.class,
            e -> {
              assertThat(e.message()).isEqualTo(message);
              assertThat(e.code()).isEqualTo("malformed-mapping");
              assertThat(e.hint()).isEqualTo(hint);
            });
  }
}
