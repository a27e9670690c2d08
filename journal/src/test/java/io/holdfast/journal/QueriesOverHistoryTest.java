package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.HistoryFilter.Side;
import io.holdfast.ledger.Holds;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every query of a ledger that has most of its history on disk, beside {@link QueryModel}, which
 * has it in plain lists: filters, continuation, balances at a time, reservations.
 */
class QueriesOverHistoryTest {
  private static final DataKey KEY = DataKey.create();
  private static final UInt128 NOBODY = UInt128.of(99);

  @TempDir Path directory;

  private IndexedNode node(long seed, int kept) {
    return new IndexedNode(directory, KEY, Lineage.ofNew(LedgerRun.LEDGER_ID), seed, kept, true);
  }

  private static void play(IndexedNode node, QueryModel model, int ops) {
    for (int i = 0; i < ops; i++) {
      node.next();
      model.applied(node.run.requests, node.run.reply(), node.run.now());
    }
  }

  @Test
  void every_query_answers_as_a_look_at_all_of_history_does() {
    QueryModel model = new QueryModel();
    try (IndexedNode node = node(31, 0)) {
      play(node, model, 200);
      assertThat(node.journal.index().stats().lastOp()).as("is on disk").isGreaterThan(160);
      assertThat(model.expiries()).as("histories have expiries").isGreaterThan(20);
      compare(node.queries, model, new Random(1));
    }
  }

  @Test
  void what_is_on_disk_and_in_memory_both_is_answered_once() {
    QueryModel model = new QueryModel();
    try (IndexedNode node = node(32, 3)) {
      play(node, model, 150);
      compare(node.queries, model, new Random(2));
    }
  }

  @Test
  void every_query_answers_the_same_after_a_restart() {
    QueryModel model = new QueryModel();
    try (IndexedNode node = node(33, 1)) {
      play(node, model, 120);
    }
    try (IndexedNode node = node(33, 1)) {
      compare(node.queries, model, new Random(3));
      play(node, model, 60);
      compare(node.queries, model, new Random(4));
    }
  }

  @Test
  void a_page_goes_on_though_what_it_continues_has_left_memory_meanwhile() {
    QueryModel model = new QueryModel();
    Random random = new Random(5);
    try (IndexedNode node = node(34, 1)) {
      play(node, model, 40);
      for (int round = 0; round < 30; round++) {
        UInt128 id = UInt128.of(1 + random.nextInt(LedgerRun.ACCOUNTS));
        long now = model.transfers().getLast().timestamp();
        HistoryFilter filter = upTo(now, random);
        List<Balance> expected = model.balancesOf(id, filter);
        List<Balance> found = new ArrayList<>();
        long after = 0;
        do {
          Page<Balance> page = node.queries.balancesOf(id, with(filter, filter.limit(), after));
          found.addAll(page.rows());
          after = page.next();
          play(node, model, random.nextInt(3));
        } while (after != 0);
        assertThat(found).as("by %s", filter).isEqualTo(expected);
      }
    }
  }

  @Test
  void each_answer_is_from_one_moment_though_payments_go_on() throws Exception {
    QueryModel model = new QueryModel();
    List<Seen> seen = new CopyOnWriteArrayList<>();
    try (IndexedNode node = node(35, 1)) {
      play(node, model, 30);
      AtomicBoolean over = new AtomicBoolean();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread reader =
          Thread.ofPlatform()
              .uncaughtExceptionHandler((thread, e) -> failure.set(e))
              .start(() -> look(node.queries(50), seen, over));
      play(node, model, 120);
      over.set(true);
      reader.join();
      assertThat(failure.get()).isNull();
    }
    assertThat(seen).hasSizeGreaterThan(20);
    for (Seen answer : seen) {
      List<Balance> expected = new ArrayList<>(answer.rows);
      if (!expected.isEmpty()) {
        HistoryFilter filter =
            new HistoryFilter(
                0,
                answer.rows.getFirst().timestamp(),
                null,
                null,
                null,
                null,
                null,
                true,
                answer.rows.size(),
                0);
        expected = model.balancesOf(answer.account, filter);
        expected = expected.subList(0, Math.min(expected.size(), Seen.LIMIT));
      }
      assertThat(answer.rows).isEqualTo(expected);
      assertThat(answer.held).as("sum of what is held").isEqualTo(answer.pending);
    }
  }

  /** What a reader was told of an account while others paid. */
  private record Seen(UInt128 account, List<Balance> rows, BigInteger held, BigInteger pending) {
    static final int LIMIT = 1500;
  }

  private static void look(Queries queries, List<Seen> seen, AtomicBoolean over) {
    Random random = new Random(6);
    while (!over.get()) {
      UInt128 id = UInt128.of(1 + random.nextInt(LedgerRun.ACCOUNTS));
      Holds holds = queries.holdsOf(id, 8_000, 0).orElseThrow();
      BigInteger held =
          holds.reservations().rows().stream()
              .map(hold -> hold.amount().toBigInteger())
              .reduce(BigInteger.ZERO, BigInteger::add);
      BigInteger pending =
          holds
              .account()
              .debitsPending()
              .toBigInteger()
              .add(holds.account().creditsPending().toBigInteger());
      List<Balance> rows = queries.balancesOf(id, HistoryFilter.newest(Seen.LIMIT)).rows();
      seen.add(new Seen(id, rows, held, pending));
    }
  }

  private static HistoryFilter upTo(long now, Random random) {
    return new HistoryFilter(
        0, now, null, null, null, null, null, random.nextBoolean(), 40 + random.nextInt(200), 0);
  }

  private static void compare(Queries queries, QueryModel model, Random random) {
    assertThat(model.accounts()).hasSizeGreaterThan(LedgerRun.ACCOUNTS + 5);
    lookUps(queries, model, random);
    List<Long> times = new ArrayList<>(List.of(0L, Long.MAX_VALUE));
    model.transfers().forEach(transfer -> times.add(transfer.timestamp()));
    model.accounts().forEach(account -> times.add(account.timestamp()));
    List<UInt128> ids = new ArrayList<>(model.accounts().stream().map(Account::id).toList());
    ids.add(NOBODY);
    for (UInt128 id : ids) {
      for (int i = 0; i < 12; i++) {
        history(queries, model, random, times, id);
      }
      for (int i = 0; i < 25; i++) {
        long at = time(random, times);
        assertThat(queries.balanceAt(id, at))
            .as("%s at %d", id, at)
            .isEqualTo(model.balanceAt(id, at));
      }
      holds(queries, model, random, id);
    }
    for (int i = 0; i < 60; i++) {
      transfers(queries, model, random, times);
      accounts(queries, model, random, times);
    }
  }

  private static void lookUps(Queries queries, QueryModel model, Random random) {
    List<UInt128> ids = new ArrayList<>();
    model.transfers().stream().limit(5000).forEach(transfer -> ids.add(transfer.id()));
    ids.add(UInt128.MAX);
    Collections.shuffle(ids, random);
    List<Transfer> expected = new ArrayList<>();
    for (UInt128 id : ids) {
      model.transfers().stream().filter(t -> t.id().equals(id)).forEach(expected::add);
    }
    assertThat(queries.transfers(ids)).isEqualTo(expected);
    assertThat(queries.accounts(model.accounts().stream().map(Account::id).toList()))
        .isEqualTo(model.accounts());
  }

  private static void history(
      Queries queries, QueryModel model, Random random, List<Long> times, UInt128 id) {
    HistoryFilter filter = historyFilter(random, times);
    int limit = 1 + random.nextInt(400);
    assertThat(
            all(
                limit,
                filter.after(),
                after -> queries.transfersOf(id, with(filter, limit, after))))
        .as("transfers of %s by %s", id, filter)
        .isEqualTo(model.transfersOf(id, filter));
    assertThat(
            all(limit, filter.after(), after -> queries.balancesOf(id, with(filter, limit, after))))
        .as("balances of %s by %s", id, filter)
        .isEqualTo(model.balancesOf(id, filter));
  }

  private static void holds(Queries queries, QueryModel model, Random random, UInt128 id) {
    List<Transfer> expected = model.holdsOf(id);
    if (id.equals(NOBODY)) {
      assertThat(queries.holdsOf(id, 5, 0)).isEmpty();
      return;
    }
    Account account = queries.accounts(List.of(id)).getFirst();
    int limit = 1 + random.nextInt(20);
    assertThat(
            all(
                limit,
                0,
                after -> {
                  Holds holds = queries.holdsOf(id, limit, after).orElseThrow();
                  assertThat(holds.account()).isEqualTo(account);
                  return holds.reservations();
                }))
        .as("reservations of %s", id)
        .isEqualTo(expected);
  }

  private static void transfers(
      Queries queries, QueryModel model, Random random, List<Long> times) {
    long from = time(random, times);
    long to = time(random, times);
    TransferFilter filter =
        new TransferFilter(
            random.nextInt(4) == 0 ? 0 : from,
            random.nextInt(4) == 0 ? Long.MAX_VALUE : to,
            maybe(random, 1 + random.nextInt(3)),
            maybe(random, 1 + random.nextInt(4)),
            maybe(random, UInt128.of(random.nextInt(100))),
            maybe(random, (long) random.nextInt(3)),
            maybe(random, random.nextInt(3)),
            random.nextBoolean(),
            1,
            random.nextInt(3) == 0 ? time(random, times) : 0);
    int limit = 10 + random.nextInt(2000);
    assertThat(
            all(
                limit,
                filter.after(),
                after ->
                    queries.transfers(
                        new TransferFilter(
                            filter.fromNanos(),
                            filter.toNanos(),
                            filter.ledger(),
                            filter.code(),
                            filter.userData128(),
                            filter.userData64(),
                            filter.userData32(),
                            filter.newestFirst(),
                            limit,
                            after))))
        .as("by %s", filter)
        .isEqualTo(model.transfers(filter));
  }

  private static void accounts(Queries queries, QueryModel model, Random random, List<Long> times) {
    AccountFilter filter =
        new AccountFilter(
            random.nextBoolean() ? 0 : time(random, times),
            random.nextBoolean() ? Long.MAX_VALUE : time(random, times),
            maybe(random, 1 + random.nextInt(3)),
            maybe(random, 1 + random.nextInt(4)),
            maybe(random, UInt128.of(random.nextInt(4))),
            maybe(random, (long) random.nextInt(3)),
            maybe(random, random.nextInt(3)),
            random.nextBoolean(),
            1,
            random.nextInt(3) == 0 ? time(random, times) : 0);
    int limit = 1 + random.nextInt(8);
    assertThat(
            all(
                limit,
                filter.after(),
                after ->
                    queries.accounts(
                        new AccountFilter(
                            filter.fromNanos(),
                            filter.toNanos(),
                            filter.ledger(),
                            filter.code(),
                            filter.userData128(),
                            filter.userData64(),
                            filter.userData32(),
                            filter.newestFirst(),
                            limit,
                            after))))
        .as("by %s", filter)
        .isEqualTo(model.accounts(filter));
  }

  private static HistoryFilter historyFilter(Random random, List<Long> times) {
    return new HistoryFilter(
        random.nextBoolean() ? 0 : time(random, times),
        random.nextBoolean() ? Long.MAX_VALUE : time(random, times),
        maybe(random, random.nextBoolean() ? Side.DEBIT : Side.CREDIT),
        maybe(random, 1 + random.nextInt(4)),
        maybe(random, UInt128.of(random.nextInt(100))),
        maybe(random, (long) random.nextInt(3)),
        maybe(random, random.nextInt(3)),
        random.nextBoolean(),
        1,
        random.nextInt(3) == 0 ? time(random, times) : 0);
  }

  private static HistoryFilter with(HistoryFilter f, int limit, long after) {
    return new HistoryFilter(
        f.fromNanos(),
        f.toNanos(),
        f.side(),
        f.code(),
        f.userData128(),
        f.userData64(),
        f.userData32(),
        f.newestFirst(),
        limit,
        after);
  }

  /** Null two times out of three. */
  private static <T> @Nullable T maybe(Random random, T value) {
    return random.nextInt(3) == 0 ? value : null;
  }

  /** A time at which something happened, or one beside it. */
  private static long time(Random random, List<Long> times) {
    long time = times.get(random.nextInt(times.size()));
    return time == 0 || time == Long.MAX_VALUE ? time : time + random.nextInt(3) - 1;
  }

  /** All rows, page by page. */
  private static <T> List<T> all(int limit, long first, LongFunction<Page<T>> query) {
    List<T> rows = new ArrayList<>();
    long after = first;
    do {
      Page<T> page = query.apply(after);
      assertThat(page.rows()).hasSizeLessThanOrEqualTo(limit);
      rows.addAll(page.rows());
      after = page.next();
    } while (after != 0);
    return rows;
  }
}
