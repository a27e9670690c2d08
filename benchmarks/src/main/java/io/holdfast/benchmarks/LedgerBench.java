package io.holdfast.benchmarks;

import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

/**
 * Transfers per second of the ledger alone, on one thread: ids checked for uniqueness, money
 * checked for conservation after every batch. Prints one line of key=value.
 *
 * <p>Each figure is payments applied in full batches divided by the time spent applying them, after
 * a warm-up; making the batches is not counted. {@code load} is the machine's load average when the
 * measurement began: anything but near 0 means that others were running, too.
 */
public final class LedgerBench implements Benchmark {
  private static final int[] ACCOUNTS = {10_000, 1_000_000};
  private static final double WARM_UP = 0.6; // of the measured seconds
  private static final int SECONDS = 5;

  /** Arguments: {@code seconds=N} per figure. */
  public static void main(String[] args) {
    System.out.println("bench=ledger " + new LedgerBench().run(new Options(List.of(args))).line());
  }

  @Override
  public String name() {
    return "ledger";
  }

  @Override
  public String what() {
    return "the ledger alone, one thread, uniform and hot accounts: transfers/s (seconds=5)";
  }

  @Override
  public Figures run(Options options) {
    int seconds = options.number("seconds", SECONDS);
    Figures figures = new Figures();
    figures.put("batch", LedgerLoad.BATCH_EVENTS);
    figures.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    for (LedgerLoad.Choice choice : LedgerLoad.Choice.values()) {
      for (int accounts : ACCOUNTS) {
        String key = choice.name().toLowerCase(Locale.ROOT) + "_" + accounts + "_tps";
        figures.put(key, Math.round(measure(accounts, choice, seconds)));
      }
    }
    return figures;
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
