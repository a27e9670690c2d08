package io.holdfast.ledger;

import io.holdfast.kernel.HoldfastException;

/**
 * A year, month or day in UTC whose details are erased together, as a number that reads like a
 * date: 2026, 202603 or 20260314.
 */
public record DetailsPeriod(int code) {
  private static final int YEAR_MIN = 1970;
  private static final int YEAR_MAX = 2262; // beyond it nanoseconds since 1970 leave 63 bits
  private static final int MONTHS = 12;
  private static final int DAYS = 31;

  /** Whether a number names a period. */
  public static boolean isValid(int code) {
    int digits = digits(code);
    int year = digits == 4 ? code : digits == 6 ? code / 100 : code / 10_000;
    int month = digits == 4 ? 1 : digits == 6 ? code % 100 : code / 100 % 100;
    int day = digits == 8 ? code % 100 : 1;
    return (digits == 4 || digits == 6 || digits == 8)
        && year >= YEAR_MIN
        && year <= YEAR_MAX
        && month >= 1
        && month <= MONTHS
        && day >= 1
        && day <= DAYS;
  }

  /** Reads 2026, 2026-03 or 2026-03-14; code {@code malformed-period} for anything else. */
  public static DetailsPeriod parse(String text) {
    if (text.matches("[0-9]{4}(-[0-9]{2}){0,2}")) {
      int code = Integer.parseInt(text.replace("-", ""));
      if (isValid(code)) {
        return new DetailsPeriod(code);
      }
    }
    throw new HoldfastException(
        "malformed-period",
        "the period is '" + text + "'; allowed: a year, month or day as 2026, 2026-03, 2026-03-14",
        "see which there are with: holdfast details keys");
  }

  /** Whether all of the other lies in this one. */
  public boolean contains(DetailsPeriod other) {
    return other.code == code || other.code / 100 == code || other.code / 10_000 == code;
  }

  /** As {@link #parse} reads it. */
  public String label() {
    String text = Integer.toString(code);
    return switch (text.length()) {
      case 4 -> text;
      case 6 -> text.substring(0, 4) + "-" + text.substring(4);
      default -> text.substring(0, 4) + "-" + text.substring(4, 6) + "-" + text.substring(6);
    };
  }

  private static int digits(int code) {
    return code < 0 ? 0 : Integer.toString(code).length();
  }

  @Override
  public String toString() {
    return label();
  }
}
