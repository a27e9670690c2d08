package io.holdfast.drill;

import io.holdfast.drill.PaymentHistory.Fate;
import io.holdfast.drill.PaymentHistory.Row;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;

/**
 * How the service looked from its clients over a run, worked out from their histories. An answer is
 * any status that the ledger gave, a refusal by its rules included.
 *
 * <ul>
 *   <li>The gap of one client is the time between two of its answers. The <i>outage as a client saw
 *       it</i> is the longest gap of the client that fared worst.
 *   <li>The gap of the service is the time between two answers at any client.
 *   <li>Availability = 1 − Σ of the clients' gaps above {@link #THRESHOLD_MILLIS}, over clients ×
 *       duration.
 * </ul>
 */
public final class OutageMeter {
  /** Gaps up to this long are service as usual; far above the latency of a healthy site. */
  public static final long THRESHOLD_MILLIS = 200;

  private static final double NANOS_PER_MILLI = 1e6;
  private static final long LATENCY_MAX_MICROS = 3_600_000_000L;

  private final long fromNanos;
  private final long toNanos;
  private final long[][] answersByClient;
  private final long[] answers;
  private final Histogram latencyMicros = new Histogram(LATENCY_MAX_MICROS, 3);

  /** Over the run of a load that was stopped. */
  public OutageMeter(PaymentLoad load) {
    this(load.histories(), load.startedNanos(), load.stoppedNanos());
  }

  public OutageMeter(List<PaymentHistory> histories, long fromNanos, long toNanos) {
    this.fromNanos = fromNanos;
    this.toNanos = toNanos;
    this.answersByClient = histories.stream().map(this::answersOf).toArray(long[][]::new);
    this.answers = Arrays.stream(answersByClient).flatMapToLong(Arrays::stream).sorted().toArray();
  }

  private long[] answersOf(PaymentHistory history) {
    LongStream.Builder times = LongStream.builder();
    for (int i = 0; i < history.size(); i++) {
      Row row = history.row(i);
      if (row.fate() == Fate.JUDGED) {
        times.add(row.answeredNanos());
        latencyMicros.recordValue(
            Math.min(LATENCY_MAX_MICROS, (row.answeredNanos() - row.sentNanos()) / 1_000));
      }
    }
    return times.build().sorted().toArray();
  }

  /** The longest gap of any one client that touches the window. */
  public double clientOutageMillis(long windowFrom, long windowTo) {
    return Arrays.stream(answersByClient)
        .mapToDouble(times -> longestGapMillis(times, windowFrom, windowTo))
        .max()
        .orElse(0);
  }

  /** The longest time in the window in which no client at all got an answer. */
  public double serviceGapMillis(long windowFrom, long windowTo) {
    return longestGapMillis(answers, windowFrom, windowTo);
  }

  /** Share of the run, over all clients, in which payments were answered; see the class. */
  public double availability() {
    double threshold = THRESHOLD_MILLIS * NANOS_PER_MILLI;
    double out = 0;
    for (long[] times : answersByClient) {
      long previous = fromNanos;
      for (int i = 0; i <= times.length; i++) {
        long next = i < times.length ? times[i] : toNanos;
        out += next - previous > threshold ? next - previous : 0;
        previous = next;
      }
    }
    double whole = (double) (toNanos - fromNanos) * Math.max(1, answersByClient.length);
    return whole <= 0 ? 0 : 1 - out / whole;
  }

  /** Answers per second over the run. */
  public double throughputPerSecond() {
    return answers.length / Math.max(1e-9, (toNanos - fromNanos) / 1e9);
  }

  public double latencyMillis(double percentile) {
    return latencyMicros.getValueAtPercentile(percentile) / 1_000.0;
  }

  public double durationMillis() {
    return (toNanos - fromNanos) / NANOS_PER_MILLI;
  }

  private double longestGapMillis(long[] times, long windowFrom, long windowTo) {
    long longest = 0;
    int at = Arrays.binarySearch(times, windowFrom);
    at = at < 0 ? -at - 1 : at; // the first answer in the window
    long previous = at == 0 ? fromNanos : times[at - 1];
    for (; at <= times.length && previous < windowTo; at++) {
      long next = at < times.length ? times[at] : toNanos;
      longest = Math.max(longest, next - previous);
      previous = next;
    }
    return longest / NANOS_PER_MILLI;
  }
}
