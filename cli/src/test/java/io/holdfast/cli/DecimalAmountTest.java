package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecimalAmountTest {
  private static final DecimalAmount GERMAN = new DecimalAmount(',', ".");

  @ParameterizedTest
  @CsvSource({
    "0, 2, 0",
    "700.00, 2, 70000",
    "700.5, 2, 70050",
    "700, 2, 70000",
    "0.01, 2, 1",
    "-12.50, 2, -1250",
    "12.50-, 2, -1250",
    "+3, 0, 3",
    "0.1, 1, 1",
    "1.000000000000000001, 18, 1000000000000000001",
    "340282366920938463463374607431768211455, 0, 340282366920938463463374607431768211455",
    "0.30, 2, 30", // 0.1 + 0.2 in floating point is not
    "1234567890123456.78, 2, 123456789012345678",
  })
  void an_amount_becomes_minor_units_exactly(String text, int scale, String units)
      throws RowRefused {
    assertThat(DecimalAmount.PLAIN.minorUnits(text, scale)).isEqualTo(new BigInteger(units));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"1.234.567,89 | 123456789", "1234,5 | 123450", "0,01 | 1", "-1.000,00 | -100000"})
  void decimal_mark_and_grouping_are_those_of_the_file(String text, String units)
      throws RowRefused {
    assertThat(GERMAN.minorUnits(text, 2)).isEqualTo(new BigInteger(units));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12.345 | too-many-decimals | the amount '12.345' has 3 decimals, allowed are 2",
        "12.500 | too-many-decimals | the amount '12.500' has 3 decimals, allowed are 2",
        "'' | missing-amount | the amount is empty",
        "12,50 | malformed-amount | '12,50' is no amount: allowed are digits with '.' before the decimals",
        "1e3 | malformed-amount | '1e3' is no amount: allowed are digits with '.' before the decimals",
        "12. | malformed-amount | '12.' is no amount: allowed are digits with '.' before the decimals",
        "--1 | malformed-amount | '--1' is no amount: allowed are digits with '.' before the decimals",
        "- | malformed-amount | '-' is no amount: allowed are digits with '.' before the decimals",
        "1.2.3 | malformed-amount | '1.2.3' is no amount: allowed are digits with '.' before the decimals",
        "٣ | malformed-amount | '٣' is no amount: allowed are digits with '.' before the decimals",
      })
  void what_is_no_amount_is_refused_by_name(String text, String code, String reason) {
    assertThatThrownBy(() -> DecimalAmount.PLAIN.minorUnits(text, 2))
        .isInstanceOfSatisfying(
            RowRefused.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(code);
              assertThat(refused.reason()).isEqualTo(reason);
            });
  }

  @ParameterizedTest
  @CsvSource({"0, 2, 0.00", "1, 2, 0.01", "1250, 2, 12.50", "-1250, 2, -12.50", "7, 0, 7"})
  void minor_units_are_written_back_as_they_were(BigInteger units, int scale, String text) {
    assertThat(DecimalAmount.format(units, scale)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"123456789 | 2 | 1,234,567.89", "-100000 | 2 | -1,000.00", "999 | 0 | 999"})
  void people_see_commas_between_thousands(BigInteger units, int scale, String text) {
    assertThat(Shown.amount(units, scale)).isEqualTo(text);
  }
}
