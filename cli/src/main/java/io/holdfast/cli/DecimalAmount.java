package io.holdfast.cli;

import java.math.BigInteger;

/**
 * How a decimal amount is written, and the exact way from its text to whole minor units and back.
 * Nothing is ever rounded: a text with more decimals than the currency has is refused.
 *
 * @param decimalMark what stands before the decimals
 * @param grouping characters that may stand between digits before the decimal mark; usually empty
 */
record DecimalAmount(char decimalMark, String grouping) {
  /** {@code 1250.00}. */
  static final DecimalAmount PLAIN = new DecimalAmount('.', "");

  private static final int DIGITS_MAX = 60; // far beyond 2^128, so that nothing absurd is computed

  /**
   * Minor units, negative for a leading or trailing minus.
   *
   * @param scale decimals of the currency: 2 turns {@code 12.50} into 1250
   */
  BigInteger minorUnits(String text, int scale) throws RowRefused {
    String trimmed = text.strip();
    if (trimmed.isEmpty()) {
      throw new RowRefused("missing-amount", "the amount is empty");
    }
    boolean negative = trimmed.startsWith("-") || trimmed.endsWith("-");
    int from = trimmed.startsWith("-") || trimmed.startsWith("+") ? 1 : 0;
    int to = trimmed.endsWith("-") && from == 0 ? trimmed.length() - 1 : trimmed.length();
    StringBuilder digits = new StringBuilder();
    int decimals = -1;
    for (int i = from; i < to; i++) {
      char c = trimmed.charAt(i);
      if (c >= '0' && c <= '9') {
        digits.append(c);
        decimals += decimals >= 0 ? 1 : 0;
      } else if (c == decimalMark && decimals < 0 && i + 1 < to) {
        decimals = 0;
      } else if (grouping.indexOf(c) < 0 || decimals >= 0 || digits.isEmpty() || i + 1 == to) {
        throw malformed(text);
      }
    }
    if (digits.isEmpty() || digits.length() > DIGITS_MAX) {
      throw malformed(text);
    }
    decimals = Math.max(decimals, 0);
    if (decimals > scale) {
      throw new RowRefused(
          "too-many-decimals",
          "the amount '%s' has %d decimals, allowed %s %d"
              .formatted(trimmed, decimals, scale == 1 ? "is" : "are", scale));
    }
    digits.append("0".repeat(scale - decimals));
    BigInteger units = new BigInteger(digits.toString());
    return negative ? units.negate() : units;
  }

  /** {@code 1250} at scale 2 is {@code 12.50}. */
  static String format(BigInteger minorUnits, int scale) {
    String digits = minorUnits.abs().toString();
    if (digits.length() <= scale) {
      digits = "0".repeat(scale + 1 - digits.length()) + digits;
    }
    int point = digits.length() - scale;
    String sign = minorUnits.signum() < 0 ? "-" : "";
    return sign
        + digits.substring(0, point)
        + (scale == 0 ? "" : "." + digits.substring(point, digits.length()));
  }

  private RowRefused malformed(String text) {
    String shown = text.length() <= 40 ? text : text.substring(0, 40) + "…";
    return new RowRefused(
        "malformed-amount",
        "'%s' is no amount: allowed are digits with '%s' before the decimals%s"
            .formatted(
                shown,
                decimalMark,
                grouping.isEmpty() ? "" : " and '" + grouping + "' between thousands"));
  }
}
