package io.holdfast.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.HistoryFilter.Side;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Random filters and continuations, answered from what {@link Model} has by looking at all. */
final class ModelQueries {
  private static final int QUESTIONS = 6;

  private final Model model;
  private final Queries queries;
  private final Random random;
  private final String name;
  private final List<Long> times = new ArrayList<>(List.of(0L, Long.MAX_VALUE));

  ModelQueries(Model model, Queries queries, long seed) {
    this.model = model;
    this.queries = queries;
    this.random = new Random(seed);
    this.name = "seed " + seed + ", ";
    model.accounts.values().forEach(account -> times.add(account.timestamp));
    times.addAll(model.movementTimes);
  }

  void compare() {
    for (int i = 0; i < QUESTIONS; i++) {
      transfers();
      accounts();
      for (Model.Acct account : model.accounts.values()) {
        history(account);
      }
    }
  }

  private void transfers() {
    TransferFilter f =
        new TransferFilter(
            from(),
            to(),
            maybe(1 + random.nextInt(2)),
            maybe(20 + random.nextInt(2)),
            maybe(UInt128.of(random.nextInt(3))),
            maybe((long) random.nextInt(3)),
            maybe(random.nextInt(3)),
            random.nextBoolean(),
            1 + random.nextInt(9),
            after());
    List<Transfer> expected = new ArrayList<>();
    for (Model.Xfer transfer : model.transfers.values()) {
      Transfer t = transfer.stored;
      if (isIn(t.timestamp(), f.fromNanos(), f.toNanos(), f.newestFirst(), f.after())
          && is(f.ledger(), t.ledger())
          && is(f.code(), t.code())
          && is(f.userData128(), t.userData128())
          && is(f.userData64(), t.userData64())
          && is(f.userData32(), t.userData32())) {
        expected.add(t);
      }
    }
    assertThat(
            all(
                f.after(),
                after ->
                    queries.transfers(
                        new TransferFilter(
                            f.fromNanos(),
                            f.toNanos(),
                            f.ledger(),
                            f.code(),
                            f.userData128(),
                            f.userData64(),
                            f.userData32(),
                            f.newestFirst(),
                            f.limit(),
                            after))))
        .as(name + f)
        .isEqualTo(f.newestFirst() ? expected.reversed() : expected);
  }

  private void accounts() {
    AccountFilter f =
        new AccountFilter(
            from(),
            to(),
            maybe(1 + random.nextInt(2)),
            maybe(10 + random.nextInt(2)),
            maybe(UInt128.of(random.nextInt(3))),
            maybe((long) random.nextInt(3)),
            maybe(random.nextInt(3)),
            random.nextBoolean(),
            1 + random.nextInt(4),
            after());
    List<UInt128> expected = new ArrayList<>();
    List<Model.Acct> byTime = new ArrayList<>(model.accounts.values());
    byTime.sort(Comparator.comparingLong(account -> account.timestamp));
    for (Model.Acct account : byTime) {
      Account a = account.made;
      if (isIn(account.timestamp, f.fromNanos(), f.toNanos(), f.newestFirst(), f.after())
          && is(f.ledger(), a.ledger())
          && is(f.code(), a.code())
          && is(f.userData128(), a.userData128())
          && is(f.userData64(), a.userData64())
          && is(f.userData32(), a.userData32())) {
        expected.add(a.id());
      }
    }
    List<Account> found =
        all(
            f.after(),
            after ->
                queries.accounts(
                    new AccountFilter(
                        f.fromNanos(),
                        f.toNanos(),
                        f.ledger(),
                        f.code(),
                        f.userData128(),
                        f.userData64(),
                        f.userData32(),
                        f.newestFirst(),
                        f.limit(),
                        after)));
    assertThat(found.stream().map(Account::id).toList())
        .as(name + f)
        .isEqualTo(f.newestFirst() ? expected.reversed() : expected);
  }

  private void history(Model.Acct account) {
    UInt128 id = account.made.id();
    HistoryFilter f =
        new HistoryFilter(
            from(),
            to(),
            maybe(random.nextBoolean() ? Side.DEBIT : Side.CREDIT),
            maybe(20 + random.nextInt(2)),
            maybe(UInt128.of(random.nextInt(3))),
            maybe((long) random.nextInt(3)),
            maybe(random.nextInt(3)),
            random.nextBoolean(),
            1 + random.nextInt(9),
            after());
    List<Model.Row> expected = new ArrayList<>();
    for (Model.Row row : account.rows) {
      Transfer t = model.known(UInt128.of(row.id())).stored;
      Side side = t.debitAccountId().equals(id) ? Side.DEBIT : Side.CREDIT;
      if (isIn(row.timestamp(), f.fromNanos(), f.toNanos(), f.newestFirst(), f.after())
          && is(f.side(), side)
          && is(f.code(), t.code())
          && is(f.userData128(), t.userData128())
          && is(f.userData64(), t.userData64())
          && is(f.userData32(), t.userData32())) {
        expected.add(row);
      }
    }
    List<Model.Row> ordered = f.newestFirst() ? expected.reversed() : expected;
    List<Balance> balances = all(f.after(), after -> queries.balancesOf(id, with(f, after)));
    assertThat(balances.stream().map(Balance::timestamp).toList())
        .as(name + "balances of " + id + " by " + f)
        .isEqualTo(ordered.stream().map(Model.Row::timestamp).toList());
    List<Transfer> transfers = all(f.after(), after -> queries.transfersOf(id, with(f, after)));
    assertThat(transfers.stream().map(Transfer::timestamp).toList())
        .as(name + "transfers of " + id + " by " + f)
        .isEqualTo(
            ordered.stream().filter(row -> !row.expiry()).map(Model.Row::timestamp).toList());
  }

  private static HistoryFilter with(HistoryFilter f, long after) {
    return new HistoryFilter(
        f.fromNanos(),
        f.toNanos(),
        f.side(),
        f.code(),
        f.userData128(),
        f.userData64(),
        f.userData32(),
        f.newestFirst(),
        f.limit(),
        after);
  }

  private static <T> List<T> all(long first, LongFunction<Page<T>> query) {
    List<T> rows = new ArrayList<>();
    long after = first;
    do {
      Page<T> page = query.apply(after);
      rows.addAll(page.rows());
      after = page.next();
    } while (after != 0);
    return rows;
  }

  private long from() {
    return random.nextBoolean() ? 0 : time();
  }

  private long to() {
    return random.nextBoolean() ? Long.MAX_VALUE : time();
  }

  private long after() {
    return random.nextInt(3) == 0 ? time() : 0;
  }

  /** A time at which something happened, or one beside it. */
  private long time() {
    long time = times.get(random.nextInt(times.size()));
    return time == 0 || time == Long.MAX_VALUE ? time : time + random.nextInt(3) - 1;
  }

  /** Null two times out of three. */
  private <T> @Nullable T maybe(T value) {
    return random.nextInt(3) == 0 ? value : null;
  }

  private static boolean is(@Nullable Object wanted, Object there) {
    return wanted == null || Objects.equals(wanted, there);
  }

  private static boolean isIn(long time, long from, long to, boolean newestFirst, long after) {
    boolean goesOn = after == 0 || (newestFirst ? time < after : time > after);
    return goesOn && time >= from && time <= to;
  }
}
