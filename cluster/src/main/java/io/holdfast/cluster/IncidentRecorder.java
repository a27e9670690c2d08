package io.holdfast.cluster;

import io.holdfast.cluster.IncidentBook.Change;
import io.holdfast.journal.ActKind;
import io.holdfast.journal.Acts;
import io.holdfast.kernel.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Records in the site's log when incidents begin and end. For one thread. */
final class IncidentRecorder implements Runnable {
  private final Supplier<List<String>> incidents;
  private final IncidentBook book;
  private final Clock clock;
  private final Acts acts;

  IncidentRecorder(Supplier<List<String>> incidents, IncidentBook book, Clock clock, Acts acts) {
    this.incidents = incidents;
    this.book = book;
    this.clock = clock;
    this.acts = acts;
  }

  @Override
  public void run() {
    for (Change change : book.observe(clock.monotonicNanos(), incidents.get())) {
      switch (change) {
        case Change.Began began ->
            acts.add(
                ActKind.INCIDENT_BEGAN,
                "watch",
                "incident",
                began.key(),
                "words",
                began.words(),
                "seen_ms_ago",
                millis(began.agoNanos()));
        case Change.Ended ended ->
            acts.add(
                ActKind.INCIDENT_ENDED,
                "watch",
                "incident",
                ended.key(),
                "words",
                ended.words(),
                "over_ms_ago",
                millis(ended.agoNanos()),
                "lasted_ms",
                millis(ended.lastedNanos()),
                "times_returned",
                Integer.toString(ended.times()));
      }
    }
  }

  private static String millis(long nanos) {
    return Long.toString(TimeUnit.NANOSECONDS.toMillis(nanos));
  }
}
