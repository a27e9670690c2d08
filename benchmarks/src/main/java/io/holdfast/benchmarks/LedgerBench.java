package io.holdfast.benchmarks;

import java.lang.foreign.MemorySegment;
import java.util.Locale;

/**
 * Transfers per second of the ledger alone, on one thread: ids checked for uniqueness, money
 * checked for conservation after every batch. Prints one line of key=value.
 *
 * <p>Each figure is payments applied in full batches divided by the time spent applying them, after
 * a warm-up; making the batches is not counted. Arguments: seconds per figure (default 5).
 */
public final class LedgerBench {
  private static final int[] ACCOUNTS = {10_000, 1_000_000};
  private static final double WARM_UP = 0.6; // of the measured seconds

  private LedgerBench() {}

  public static void main(String[] args) {
    double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 5;
    StringBuilder line = new StringBuilder("bench=ledger batch=").append(LedgerLoad.BATCH_EVENTS);
    for (LedgerLoad.Choice choice : LedgerLoad.Choice.values()) {
      for (int accounts : ACCOUNTS) {
        line.append(
            String.format(
                Locale.ROOT,
                " %s_%d_tps=%.0f",
                choice.name().toLowerCase(Locale.ROOT),
                accounts,
                measure(accounts, choice, seconds)));
      }
    }
    System.out.println(line);
  }

  private static double measure(int accounts, LedgerLoad.Choice choice, double seconds) {
    try (LedgerLoad load = new LedgerLoad(accounts, choice)) {
      run(load, seconds * WARM_UP);
      double rate = run(load, seconds);
      if (!load.allCreated() || !load.ledger().conserved()) {
        throw new IllegalStateException("the load was not applied as it should be");
      }
      return rate;
    }
  }

  private static double run(LedgerLoad load, double seconds) {
    long spent = 0;
    long payments = 0;
    while (spent < seconds * 1e9) {
      MemorySegment batch = load.nextBatch();
      long start = System.nanoTime();
      payments += load.apply(batch);
      spent += System.nanoTime() - start;
    }
    return payments * 1e9 / spent;
  }
}
