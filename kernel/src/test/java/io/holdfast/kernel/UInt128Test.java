package io.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UInt128Test {
  private static final BigInteger LIMIT = BigInteger.TWO.pow(128);

  @Property
  void every_value_reads_back_as_it_was_written(@ForAll long hi, @ForAll long lo) {
    UInt128 value = new UInt128(hi, lo);
    assertThat(UInt128.of(value.toBigInteger())).isEqualTo(value);
    assertThat(UInt128.parseDecimal(value.toString())).isEqualTo(value);
    assertThat(UInt128.parseId(value.toHex())).isEqualTo(value);
    assertThat(UInt128.parseId(value.toId())).isEqualTo(value);
    assertThat(value.toBigInteger().signum()).isGreaterThanOrEqualTo(0);
    assertThat(value.toString()).isEqualTo(value.toBigInteger().toString());
  }

  @Property
  void values_compare_as_numbers(
      @ForAll long hi, @ForAll long lo, @ForAll long otherHi, @ForAll long otherLo) {
    UInt128 value = new UInt128(hi, lo);
    UInt128 other = new UInt128(otherHi, otherLo);
    assertThat(Integer.signum(value.compareTo(other)))
        .isEqualTo(value.toBigInteger().compareTo(other.toBigInteger()));
  }

  @Test
  void the_ends_of_the_range_are_what_they_should_be() {
    assertThat(UInt128.MAX.toBigInteger()).isEqualTo(LIMIT.subtract(BigInteger.ONE));
    assertThat(UInt128.MAX).hasToString("340282366920938463463374607431768211455");
    assertThat(UInt128.ZERO.isZero()).isTrue();
    assertThat(new UInt128(1, 0).isZero()).isFalse();
    assertThat(UInt128.of(5).toId()).isEqualTo("5");
    assertThat(new UInt128(1, 5).toId()).isEqualTo("00000000000000010000000000000005");
    assertThat(new UInt128(0, -1).toId()).isEqualTo("18446744073709551615");
  }

  @Test
  void what_is_out_of_range_is_refused() {
    assertThatThrownBy(() -> UInt128.of(-1)).isInstanceOf(IllegalArgumentException.class);
    for (BigInteger value : new BigInteger[] {LIMIT, BigInteger.ONE.negate()}) {
      assertThatThrownBy(() -> UInt128.of(value))
          .isInstanceOfSatisfying(
              HoldfastException.class, e -> assertThat(e.code()).isEqualTo("malformed-number"))
          .hasMessage(
              "'" + value + "' is no amount: allowed is a decimal number from 0 to " + UInt128.MAX);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "+1",
        " 1",
        "1.0",
        "1e3",
        "0x10",
        "١",
        "340282366920938463463374607431768211456",
        "0000000000000000000000000000000000000001"
      })
  void what_is_no_decimal_number_is_refused(String text) {
    assertThatThrownBy(() -> UInt128.parseDecimal(text))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("malformed-number"))
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("allowed is a decimal number from 0 to " + UInt128.MAX);
  }

  @Test
  void an_id_is_decimal_or_32_hex_digits() {
    assertThat(UInt128.parseId("17")).isEqualTo(UInt128.of(17));
    assertThat(UInt128.parseId("ABCDEF00000000000000000000000017"))
        .isEqualTo(new UInt128(0xABCDEF0000000000L, 0x17));
    assertThat(UInt128.parseId("10000000000000000000000000000000"))
        .as("32 digits are hex")
        .isEqualTo(new UInt128(0x1000000000000000L, 0));
    for (String text : new String[] {"", "abc", "x".repeat(32), "g" + "0".repeat(31), "-5"}) {
      assertThatThrownBy(() -> UInt128.parseId(text))
          .isInstanceOfSatisfying(
              HoldfastException.class, e -> assertThat(e.code()).isEqualTo("malformed-id"))
          .hasMessage(
              "'" + text + "' is no id: allowed is a decimal number below 2^128 or 32 hex digits");
    }
  }

  @Test
  void a_long_text_is_cut_in_the_message() {
    assertThatThrownBy(() -> UInt128.parseDecimal("9".repeat(1000)))
        .hasMessageStartingWith("'" + "9".repeat(64) + "…'");
  }
}
