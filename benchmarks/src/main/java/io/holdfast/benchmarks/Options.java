package io.holdfast.benchmarks;

import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The {@code key=value} words behind a benchmark's name; what is not given has its default. */
final class Options {
  private final Map<String, String> values = new HashMap<>();

  Options(List<String> words) {
    for (String word : words) {
      int at = word.indexOf('=');
      if (at <= 0) {
        throw new HoldfastException(
            "bad-option", "'" + word + "' is no option; allowed is key=value", "");
      }
      values.put(word.substring(0, at), word.substring(at + 1));
    }
  }

  int number(String key, int otherwise) {
    String value = values.get(key);
    return value == null ? otherwise : Integer.parseInt(value);
  }

  Duration seconds(String key, int otherwise) {
    return Duration.ofSeconds(number(key, otherwise));
  }

  String word(String key, String otherwise) {
    return values.getOrDefault(key, otherwise);
  }
}
