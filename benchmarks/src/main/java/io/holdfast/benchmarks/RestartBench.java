package io.holdfast.benchmarks;

import io.holdfast.journal.Checkpoint;
import io.holdfast.journal.Checkpoints;
import io.holdfast.journal.Recovery;

/**
 * How long a ledger takes to be ready again: from its newest checkpoint, and all that came later.
 */
final class RestartBench implements Benchmark {
  private static final int TAIL = 10_000_000;
  private static final int NO_CHECKPOINT = 1 << 20; // generations from one to the next

  @Override
  public String name() {
    return "restart";
  }

  @Override
  public String what() {
    return "opening a ledger with a long tail behind its checkpoint, by phase (tail=10000000"
        + " accounts=1000000 ids=rising|random rounds=3; dir= of one that is there, or stays)";
  }

  @Override
  public Figures run(Options options) throws Exception {
    int accounts = options.number("accounts", HistoryBench.ACCOUNTS);
    int tail = options.number("tail", TAIL);
    int rounds = options.number("rounds", 3);
    PaymentIds ids = HistoryBench.ids(options);
    try (BenchDirectory directory = BenchDirectory.of(options, "restart")) {
      try (DurableLedger ledger = DurableLedger.open(directory.path(), Checkpoints.GENERATIONS)) {
        long more = Math.max(1, ledger.transfers()); // to its first checkpoint, if it has none
        while (ledger.newestCheckpoint() == null) {
          HistoryBench.fill(ledger, ids, accounts, more);
          ledger.settle();
          more += 100_000;
        }
      }
      Recovery.Recovered recovered = null;
      try (DurableLedger ledger = DurableLedger.open(directory.path(), NO_CHECKPOINT)) {
        HistoryBench.fill(
            ledger, ids, accounts, ledger.transfers() + tail - ledger.recovered().events());
        ledger.settle();
      }
      Spread total = new Spread();
      Spread open = new Spread();
      Spread checkpoint = new Spread();
      Spread replay = new Spread();
      for (int i = 0; i < rounds; i++) {
        long from = System.nanoTime();
        try (DurableLedger ledger = DurableLedger.open(directory.path(), NO_CHECKPOINT)) {
          total.add((System.nanoTime() - from) / 1e6);
          recovered = ledger.recovered();
          open.add(ledger.openNanos() / 1e6);
          checkpoint.add(recovered.checkpointNanos() / 1e6);
          replay.add(recovered.replayNanos() / 1e6);
        }
      }
      return figures(recovered, total, open, checkpoint, replay);
    }
  }

  private static Figures figures(
      Recovery.Recovered recovered, Spread total, Spread open, Spread checkpoint, Spread replay) {
    Checkpoint from = recovered.checkpoint();
    return new Figures()
        .put("total_median_ms", total.median())
        .put("total_worst_ms", total.worst())
        .put("open_journal_ms", open.median())
        .put("checkpoint_ms", checkpoint.median())
        .put("replay_ms", replay.median())
        .put("replay_tps", Math.round(recovered.events() * 1e3 / replay.median()))
        .put("tail", recovered.events())
        .put("accounts", recovered.ledger().accountCount())
        .put("checkpoint_mib", from == null ? 0 : from.sizeBytes() >> 20);
  }
}
