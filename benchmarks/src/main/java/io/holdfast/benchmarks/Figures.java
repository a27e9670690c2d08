package io.holdfast.benchmarks;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a benchmark gave, in the order in which it is printed. */
final class Figures {
  private final Map<String, String> values = new LinkedHashMap<>();

  Figures put(String key, long value) {
    values.put(key, Long.toString(value));
    return this;
  }

  /** With one digit after the point. */
  Figures put(String key, double value) {
    values.put(key, String.format(Locale.ROOT, "%.1f", value));
    return this;
  }

  Figures put(String key, String value) {
    values.put(key, value);
    return this;
  }

  /** {@code key=value key=value …}. */
  String line() {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }
}
