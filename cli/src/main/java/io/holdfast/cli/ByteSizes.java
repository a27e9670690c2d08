package io.holdfast.cli;

import java.util.Locale;

/** How sizes and spans of time look to a person: two or three digits and a unit. */
final class ByteSizes {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

  private ByteSizes() {}

  /** Such as {@code 12.3 MB}: thousands, not 1,024s. */
  static String shown(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 999.5 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    String format = unit == 0 || value >= 99.95 ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, format, value, UNITS[unit]);
  }

  /** Such as {@code 3 min 20 s}. */
  static String duration(double seconds) {
    long whole = Math.max(0, Math.round(seconds));
    return whole >= 60 ? whole / 60 + " min " + whole % 60 + " s" : whole + " s";
  }

  /** Roughly: {@code 3 days}, {@code 5 h}, {@code 12 min}, {@code 30 s}. */
  static String age(long nanos) {
    long seconds = Math.max(0, nanos / 1_000_000_000L);
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 7_200) {
      return seconds / 60 + " min";
    }
    return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " days";
  }
}
