package io.holdfast.benchmarks;

import io.holdfast.journal.Checkpoints;
import io.holdfast.kernel.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Whether a long history makes a ledger slower, larger in memory, or its disk fuller than stated.
 */
final class HistoryBench implements Benchmark {
  static final int TRANSFERS = 50_000_000;
  static final int ACCOUNTS = 1_000_000;
  private static final int WARM_UP = 3_000_000;
  private static final int TENTHS = 10;

  @Override
  public String name() {
    return "history";
  }

  @Override
  public String what() {
    return "one ledger with journal, index and checkpoints: transfers/s at the beginning and end of"
        + " a long history, memory, bytes on disk (transfers=50000000 accounts=1000000"
        + " ids=rising|random warmup=3000000 dir=)";
  }

  @Override
  public Figures run(Options options) throws Exception {
    long transfers = options.number("transfers", TRANSFERS);
    int accounts = options.number("accounts", ACCOUNTS);
    PaymentIds ids = ids(options);
    try (BenchDirectory warmUp = BenchDirectory.temporary("history-warm-up");
        DurableLedger ledger = DurableLedger.open(warmUp.path(), Checkpoints.GENERATIONS)) {
      fill(ledger, ids, accounts, options.number("warmup", WARM_UP));
    }
    try (BenchDirectory directory = BenchDirectory.of(options, "history");
        DurableLedger ledger = DurableLedger.open(directory.path(), Checkpoints.GENERATIONS)) {
      return measure(ledger, ids, accounts, transfers);
    }
  }

  static PaymentIds ids(Options options) {
    return PaymentIds.valueOf(options.word("ids", "rising").toUpperCase(Locale.ROOT));
  }

  private static Figures measure(DurableLedger ledger, PaymentIds ids, int accounts, long transfers)
      throws IOException {
    ledger.payments(ids, accounts);
    ledger.settle();
    long from = System.nanoTime();
    List<Double> tenths = new ArrayList<>();
    long slowestBatchNanos = 0;
    for (int i = 1; i <= TENTHS; i++) {
      long before = ledger.transfers();
      long began = System.nanoTime();
      slowestBatchNanos =
          Math.max(slowestBatchNanos, fill(ledger, ids, accounts, transfers * i / TENTHS));
      tenths.add((ledger.transfers() - before) * 1e9 / (System.nanoTime() - began));
    }
    double seconds = (System.nanoTime() - from) / 1e9;
    ledger.settleAndMerge();
    double settled = (System.nanoTime() - from) / 1e9;
    MemoryUse memory = MemoryUse.now();
    double count = ledger.transfers();
    Figures figures =
        new Figures()
            .put("transfers", ledger.transfers())
            .put("accounts", ledger.accounts())
            .put("ids", ids.name().toLowerCase(Locale.ROOT))
            .put("first_tenth_tps", Math.round(tenths.getFirst()))
            .put("last_tenth_tps", Math.round(tenths.getLast()))
            .put("last_to_first_percent", 100 * tenths.getLast() / tenths.getFirst())
            .put("slowest_tenth_tps", Math.round(Collections.min(tenths)))
            .put("all_tps", Math.round(count / seconds))
            .put("slowest_batch_ms", slowestBatchNanos / 1e6)
            .put("settled_after_s", settled - seconds);
    memory.putInto(figures);
    return figures
        .put("runs", ledger.journal().index().stats().runs())
        .put("journal_bytes_per_transfer", ledger.bytesOf("journal") / count)
        .put("index_bytes_per_transfer", ledger.bytesOf("index") / count)
        .put("checkpoints_mib", ledger.bytesOf("checkpoints") >> 20)
        .put(
            "tenths_tps",
            tenths.stream()
                .map(t -> Long.toString(Math.round(t)))
                .toList()
                .toString()
                .replace(" ", ""));
  }

  /** Applies payments until there are so many; returns how long the slowest batch took, in ns. */
  static long fill(DurableLedger ledger, PaymentIds ids, int accounts, long transfers) {
    PaymentBatches payments = ledger.payments(ids, accounts);
    long slowest = 0;
    while (ledger.transfers() < transfers) {
      int events = (int) Math.min(Limits.BATCH_EVENTS_MAX, transfers - ledger.transfers());
      int bytes = payments.payments(events);
      long from = System.nanoTime();
      ledger.apply(bytes, events);
      slowest = Math.max(slowest, System.nanoTime() - from);
    }
    return slowest;
  }
}
