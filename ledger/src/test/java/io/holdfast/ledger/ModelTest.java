package io.holdfast.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.UInt128;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** The ledger against {@link Model}: every result, account, transfer and history must agree. */
class ModelTest {
  private static final int BATCHES = 60;

  /** The statuses that the fixed histories below need not reach: each has a row in a table. */
  private static final int STATUSES_OF_TABLES_ONLY = 6;

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void the_ledger_does_what_the_rules_say(@ForAll long seed) {
    play(seed, new HashSet<>(), new Bank(seed), true);
  }

  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void a_ledger_that_forgets_what_it_can_ask_for_answers_the_same(@ForAll long seed) {
    int weight = 1 + (int) Long.remainderUnsigned(seed, 61);
    int kept = (int) Long.remainderUnsigned(seed >>> 7, 4);
    play(seed, new HashSet<>(), new Bank(seed, weight, kept), false);
  }

  /** The same seeds each time, so that what they reach does not depend on luck. */
  @Example
  void the_histories_are_not_trivial() {
    Set<Integer> reached = new HashSet<>();
    for (long seed = 1; seed <= 100; seed++) {
      play(seed, reached, new Bank(seed), true);
    }
    assertThat(reached)
        .hasSizeGreaterThanOrEqualTo(TransferStatus.values().length - STATUSES_OF_TABLES_ONLY);
  }

  /** Plays one random history on a bank and closes it; notes each status that came up. */
  static void play(long seed, Set<Integer> transferStatuses, Bank played, boolean hasAll) {
    RandomRequests requests = new RandomRequests(seed);
    Model model = new Model();
    try (Bank bank = played) {
      if (requests.chance(8)) {
        bank.stamp = Long.MAX_VALUE - 200 * Bank.SECOND; // where timeouts overflow
      }
      for (int i = 0; i < BATCHES; i++) {
        bank.stamp += requests.chance(30) ? requests.below(3) * Bank.SECOND : requests.below(50);
        if (requests.chance(15)) {
          bank.pulse();
          model.pulse(bank.stamp);
        } else {
          batch(requests, model, bank, seed, transferStatuses);
        }
        assertThat(bank.ledger.lastTimestamp()).as("time, seed %d", seed).isEqualTo(model.time);
        assertThat(bank.ledger.nextExpiryNanos())
            .as("next expiry, seed %d", seed)
            .isEqualTo(model.nextExpiry());
      }
      compare(model, bank.ledger, seed);
      if (hasAll) {
        compareHistory(model, bank.ledger, seed);
        new ModelQueries(model, bank.ledger.queries(), seed).compare();
      }
      replay(bank, seed);
    }
  }

  private static void batch(
      RandomRequests requests, Model model, Bank bank, long seed, Set<Integer> transferStatuses) {
    List<Object> asked = new ArrayList<>();
    List<Request> encoded = new ArrayList<>();
    for (int r = 1 + requests.below(3); r > 0; r--) {
      Object request = requests.next(model.time);
      asked.add(request);
      encoded.add(encode(request));
    }
    List<List<Model.Result>> expected = model.batch(bank.stamp, asked);
    List<Reply> replies = bank.submit(encoded.toArray(Request[]::new));
    for (int r = 0; r < replies.size(); r++) {
      Reply reply = replies.get(r);
      List<Model.Result> actual = new ArrayList<>();
      for (int e = 0; e < reply.count(); e++) {
        actual.add(new Model.Result(reply.statusCode(e), reply.timestamp(e), reply.reserved(e)));
        if (asked.get(r) instanceof Model.Paying) {
          transferStatuses.add(reply.statusCode(e));
        }
      }
      assertThat(actual)
          .as("seed %d, op %d, request %s", seed, bank.ledger.op(), asked.get(r))
          .isEqualTo(expected.get(r));
    }
  }

  static Request encode(Object request) {
    if (request instanceof Model.Paying paying) {
      return Request.ofTransfers(paying.transfers(), paying.details());
    }
    List<Account> accounts = new ArrayList<>();
    for (Object account : (List<?>) request) {
      accounts.add((Account) account);
    }
    return Request.ofAccounts(accounts);
  }

  private static void compare(Model model, Ledger ledger, long seed) {
    assertThat(ledger.conserved()).as("conserved, seed %d", seed).isTrue();
    assertThat(ledger.accountCount()).isEqualTo(model.accounts.size());
    assertThat(ledger.transferCount()).as("count, seed %d", seed).isEqualTo(model.transfers.size());
    for (Map.Entry<BigInteger, Model.Acct> entry : model.accounts.entrySet()) {
      UInt128 id = UInt128.of(entry.getKey());
      Model.Acct expected = entry.getValue();
      Account actual = ledger.queries().accounts(List.of(id)).getFirst();
      assertThat(actual).as("account, seed %d", seed).isEqualTo(account(expected));
      reservations(ledger, actual, model, seed);
    }
  }

  private static void reservations(Ledger ledger, Account account, Model model, long seed) {
    List<Transfer> expected = new ArrayList<>();
    for (Model.Xfer transfer : model.transfers.values()) {
      Transfer stored = transfer.stored;
      if ((stored.flags() & TransferFlags.PENDING) != 0
          && transfer.fate == null
          && (stored.debitAccountId().equals(account.id())
              || stored.creditAccountId().equals(account.id()))) {
        expected.add(stored);
      }
    }
    List<Transfer> actual = new ArrayList<>();
    long after = 0;
    do {
      Holds holds = ledger.queries().holdsOf(account.id(), 2, after).orElseThrow();
      assertThat(holds.account()).isEqualTo(account);
      actual.addAll(holds.reservations().rows());
      after = holds.reservations().next();
    } while (after != 0);
    assertThat(actual).as("reservations, seed %d", seed).isEqualTo(expected.reversed());
  }

  private static void compareHistory(Model model, Ledger ledger, long seed) {
    for (Map.Entry<BigInteger, Model.Acct> entry : model.accounts.entrySet()) {
      histories(ledger, UInt128.of(entry.getKey()), entry.getValue(), model, seed);
    }
    for (Model.Xfer expected : model.transfers.values()) {
      UInt128 id = expected.stored.id();
      TransferWithDetails found = ledger.queries().transfersWithDetails(List.of(id)).getFirst();
      assertThat(found.transfer()).as("seed %d", seed).isEqualTo(expected.stored);
      assertThat(found.details()).as("seed %d", seed).isEqualTo(expected.details);
    }
  }

  private static Account account(Model.Acct a) {
    Account m = a.made;
    int flags = a.closed ? m.flags() | AccountFlags.CLOSED : m.flags() & ~AccountFlags.CLOSED;
    return new Account(
        m.id(),
        UInt128.of(a.a),
        UInt128.of(a.b),
        UInt128.of(a.c),
        UInt128.of(a.d),
        m.userData128(),
        m.userData64(),
        m.userData32(),
        0,
        m.ledger(),
        m.code(),
        flags,
        a.timestamp);
  }

  private static void histories(
      Ledger ledger, UInt128 id, Model.Acct expected, Model model, long seed) {
    List<Balance> rows = new ArrayList<>();
    List<Transfer> transfers = new ArrayList<>();
    for (Model.Row row : expected.rows) {
      rows.add(
          new Balance(
              row.timestamp(),
              UInt128.of(row.id()),
              row.expiry(),
              UInt128.of(row.balances().get(0)),
              UInt128.of(row.balances().get(1)),
              UInt128.of(row.balances().get(2)),
              UInt128.of(row.balances().get(3))));
      if (!row.expiry()) {
        transfers.add(model.known(UInt128.of(row.id())).stored);
      }
    }
    int limit = 1 + (int) Long.remainderUnsigned(seed, 7);
    HistoryFilter oldest =
        new HistoryFilter(0, Long.MAX_VALUE, null, null, null, null, null, false, limit, 0);
    assertThat(Pages.all(oldest, f -> ledger.queries().balancesOf(id, f)))
        .as("seed %d", seed)
        .isEqualTo(rows);
    assertThat(Pages.all(oldest, f -> ledger.queries().transfersOf(id, f)))
        .as("seed %d", seed)
        .isEqualTo(transfers);
    balancesAt(ledger, id, expected, rows, seed);
    HistoryFilter newest = HistoryFilter.newest(limit);
    assertThat(Pages.all(newest, f -> ledger.queries().balancesOf(id, f)))
        .as("seed %d", seed)
        .isEqualTo(rows.reversed());
    assertThat(Pages.all(newest, f -> ledger.queries().transfersOf(id, f)))
        .as("seed %d", seed)
        .isEqualTo(transfers.reversed());
  }

  private static void balancesAt(
      Ledger ledger, UInt128 id, Model.Acct expected, List<Balance> rows, long seed) {
    assertThat(ledger.queries().balanceAt(id, expected.timestamp - 1))
        .as("seed %d", seed)
        .isEmpty();
    UInt128 zero = UInt128.ZERO;
    Balance last = new Balance(0, zero, false, zero, zero, zero, zero);
    for (Balance row : rows) {
      if (row.timestamp() - 1 >= expected.timestamp) {
        assertThat(ledger.queries().balanceAt(id, row.timestamp() - 1))
            .as("seed %d", seed)
            .contains(last);
      }
      assertThat(ledger.queries().balanceAt(id, row.timestamp())).as("seed %d", seed).contains(row);
      last = row;
    }
    assertThat(ledger.queries().balanceAt(id, Long.MAX_VALUE)).as("seed %d", seed).contains(last);
  }

  private static void replay(Bank bank, long seed) {
    try (Bank other = new Bank(~seed)) {
      bank.batches.forEach(other::replay);
      assertThat(other.ledger.digest()).as("seed %d", seed).isEqualTo(bank.ledger.digest());
    }
  }
}
