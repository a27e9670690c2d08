package io.holdfast.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A handful of values of which the middle and the worst are told. */
final class Spread {
  private final List<Double> values = new ArrayList<>();

  void add(double value) {
    values.add(value);
  }

  double median() {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    if (sorted.isEmpty()) {
      return 0;
    }
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** The one that was added last. */
  double last() {
    return values.getLast();
  }

  double worst() {
    return values.isEmpty() ? 0 : Collections.max(values);
  }
}
