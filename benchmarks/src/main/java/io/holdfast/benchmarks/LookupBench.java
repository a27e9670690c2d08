package io.holdfast.benchmarks;

import io.holdfast.journal.Checkpoints;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Queries;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.HdrHistogram.Histogram;

/** How long it takes to find one transfer, or a page of an account's, in a long history. */
final class LookupBench implements Benchmark {
  private static final int LOOKUPS = 20_000;
  private static final int PAGES = 2_000;
  private static final int PAGE_ROWS = 100;
  private static final long NANOS_MAX = 60_000_000_000L;

  @Override
  public String name() {
    return "lookup";
  }

  @Override
  public String what() {
    return "a long history: look-ups by id, of known and unknown ones, and pages of an account's"
        + " last 100 transfers, balances and a balance in the past (transfers=50000000"
        + " accounts=1000000 ids=rising|random lookups=20000 pages=2000; dir= of a history that"
        + " is there, or stays)";
  }

  @Override
  public Figures run(Options options) throws Exception {
    long transfers = options.number("transfers", HistoryBench.TRANSFERS);
    int accounts = options.number("accounts", HistoryBench.ACCOUNTS);
    int lookups = options.number("lookups", LOOKUPS);
    int pages = options.number("pages", PAGES);
    PaymentIds ids = HistoryBench.ids(options);
    try (BenchDirectory directory = BenchDirectory.of(options, "lookup");
        DurableLedger ledger = DurableLedger.open(directory.path(), Checkpoints.GENERATIONS)) {
      HistoryBench.fill(ledger, ids, accounts, transfers);
      ledger.settleAndMerge();
      ledger.warm();
      long all = ledger.transfers();
      SplittableRandom random = new SplittableRandom(7);
      Figures figures =
          new Figures()
              .put("transfers", all)
              .put("accounts", ledger.accounts())
              .put("runs", ledger.journal().index().stats().runs());
      put(
          figures,
          "known_id",
          lookups,
          _ -> find(ledger.queries(), ids.id(random.nextLong(all)), 1));
      put(
          figures,
          "unknown_id",
          lookups,
          _ -> find(ledger.queries(), unknown(ids, random.nextLong(all)), 0));
      HistoryFilter newest = HistoryFilter.newest(PAGE_ROWS);
      put(
          figures,
          "page",
          pages,
          _ -> ledger.queries().transfersOf(account(random, accounts), newest));
      put(
          figures,
          "balances_page",
          pages,
          _ -> ledger.queries().balancesOf(account(random, accounts), newest));
      long first = firstTimestamp(ledger.queries(), ids);
      long span = last(ledger.queries(), ids, all) - first;
      put(
          figures,
          "balance_at",
          pages,
          _ ->
              ledger.queries().balanceAt(account(random, accounts), first + random.nextLong(span)));
      return figures;
    }
  }

  private static long firstTimestamp(Queries queries, PaymentIds ids) {
    return queries.transfers(List.of(ids.id(0))).getFirst().timestamp();
  }

  private static long last(Queries queries, PaymentIds ids, long all) {
    return queries.transfers(List.of(ids.id(all - 1))).getFirst().timestamp();
  }

  /** Lies among the known ones, but is none. */
  private static UInt128 unknown(PaymentIds ids, long n) {
    return new UInt128(ids.hi(n), ids.lo(~n));
  }

  private static UInt128 account(SplittableRandom random, int accounts) {
    return UInt128.of(1 + random.nextInt(accounts));
  }

  private static void find(Queries queries, UInt128 id, int expected) {
    int found = queries.transfers(List.of(id)).size();
    if (found != expected) {
      throw new IllegalStateException("id " + id.toHex() + " was found " + found + " times");
    }
  }

  /** Asks as often again before, so that what is measured is warm. */
  private static void put(Figures figures, String key, int times, IntConsumer question) {
    for (int i = 0; i < times; i++) {
      question.accept(i);
    }
    Histogram nanos = new Histogram(NANOS_MAX, 3);
    for (int i = 0; i < times; i++) {
      long from = System.nanoTime();
      question.accept(i);
      nanos.recordValue(Math.min(NANOS_MAX, System.nanoTime() - from));
    }
    figures
        .put(key + "_p50_us", nanos.getValueAtPercentile(50) / 1e3)
        .put(key + "_p99_us", nanos.getValueAtPercentile(99) / 1e3)
        .put(key + "_max_us", nanos.getMaxValue() / 1e3);
  }
}
