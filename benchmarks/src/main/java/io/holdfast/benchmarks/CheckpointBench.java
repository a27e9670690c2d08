package io.holdfast.benchmarks;

import io.holdfast.journal.Checkpoint;
import io.holdfast.journal.Checkpoints;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What payments notice of the checkpoints that are written meanwhile. */
final class CheckpointBench implements Benchmark {
  private static final int SECONDS = 120;
  private static final int WARM_UP_SECONDS = 20;
  private static final int RATE = 50_000;
  private static final int BATCH_MILLIS = 5;
  private static final long NANOS_MAX = 60_000_000_000L;

  private final Histogram meanwhile = new Histogram(NANOS_MAX, 3);
  private final Histogram otherwise = new Histogram(NANOS_MAX, 3);
  private final Histogram workMeanwhile = new Histogram(NANOS_MAX, 3);
  private final Histogram workOtherwise = new Histogram(NANOS_MAX, 3);

  @Override
  public String name() {
    return "checkpoint";
  }

  @Override
  public String what() {
    return "payments at a fixed rate, in batches of 5 ms that are first synced to a log, with and"
        + " without a checkpoint being written: time to the answer, longest work of the thread"
        + " that applies (rate=50000 accounts=1000000 seconds=120 warmup=20 ids=rising|random)";
  }

  @Override
  public Figures run(Options options) throws Exception {
    int accounts = options.number("accounts", HistoryBench.ACCOUNTS);
    int events = options.number("rate", RATE) * BATCH_MILLIS / 1_000;
    PaymentIds ids = HistoryBench.ids(options);
    int checkpoints = 0;
    try (BenchDirectory directory = BenchDirectory.of(options, "checkpoint");
        DurableLedger ledger = DurableLedger.open(directory.path(), Checkpoints.GENERATIONS)) {
      PaymentBatches payments = ledger.payments(ids, accounts);
      ledger.settle();
      long everyNanos = TimeUnit.MILLISECONDS.toNanos(BATCH_MILLIS);
      long warmUp = options.seconds("warmup", WARM_UP_SECONDS).toNanos() / everyNanos;
      long count = warmUp + options.seconds("seconds", SECONDS).toNanos() / everyNanos;
      int bytes = payments.payments(events);
      Checkpoint before = ledger.newestCheckpoint();
      try (PacedLog log =
          new PacedLog(directory.path().resolve("log"), everyNanos, count, bytes).start()) {
        for (long i = 0; i < count; i++) {
          long due = log.take();
          boolean writing = ledger.journal().checkpoints().isWriting();
          long from = System.nanoTime();
          ledger.judge(bytes, events);
          long answered = System.nanoTime();
          ledger.keep(bytes);
          long end = System.nanoTime();
          payments.payments(events);
          writing |= ledger.journal().checkpoints().isWriting();
          if (i >= warmUp) {
            (writing ? meanwhile : otherwise).recordValue(Math.min(NANOS_MAX, answered - due));
            (writing ? workMeanwhile : workOtherwise).recordValue(Math.min(NANOS_MAX, end - from));
          }
          Checkpoint newest = ledger.newestCheckpoint();
          if (i >= warmUp && newest != null && !newest.equals(before)) {
            checkpoints++;
          }
          before = newest;
        }
      }
      ledger.settle();
      return figures(checkpoints, ledger);
    }
  }

  private Figures figures(int checkpoints, DurableLedger ledger) {
    Checkpoint newest = ledger.newestCheckpoint();
    return new Figures()
        .put("p50_ms", millis(otherwise, 50))
        .put("p99_ms", millis(otherwise, 99))
        .put("max_ms", millis(otherwise, 100))
        .put("meanwhile_p50_ms", millis(meanwhile, 50))
        .put("meanwhile_p99_ms", millis(meanwhile, 99))
        .put("meanwhile_max_ms", millis(meanwhile, 100))
        .put("p99_ratio", millis(meanwhile, 99) / millis(otherwise, 99))
        .put("apply_p99_ms", millis(workOtherwise, 99))
        .put("apply_longest_ms", millis(workOtherwise, 100))
        .put("meanwhile_apply_p99_ms", millis(workMeanwhile, 99))
        .put("meanwhile_apply_longest_ms", millis(workMeanwhile, 100))
        .put("batches", otherwise.getTotalCount())
        .put("meanwhile_batches", meanwhile.getTotalCount())
        .put("checkpoints", checkpoints)
        .put("checkpoint_mib", newest == null ? 0 : newest.sizeBytes() >> 20)
        .put("accounts", ledger.accounts())
        .put("transfers", ledger.transfers());
  }

  private static double millis(Histogram nanos, double percentile) {
    return nanos.getValueAtPercentile(percentile) / 1e6;
  }
}
