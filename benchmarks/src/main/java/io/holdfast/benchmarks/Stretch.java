package io.holdfast.benchmarks;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** How long requests took that fell due in a stretch of time. For any thread. */
final class Stretch {
  private static final long MICROS_MAX = 120_000_000;

  private final Histogram micros = new ConcurrentHistogram(MICROS_MAX, 3);

  void add(long nanos) {
    micros.recordValue(Math.clamp(TimeUnit.NANOSECONDS.toMicros(nanos), 0, MICROS_MAX));
  }

  double millis(double percentile) {
    return micros.getValueAtPercentile(percentile) / 1_000.0;
  }

  long requests() {
    return micros.getTotalCount();
  }
}
