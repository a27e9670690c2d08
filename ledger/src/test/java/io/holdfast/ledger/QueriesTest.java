package io.holdfast.ledger;

import static io.holdfast.ledger.AccountDraft.account;
import static io.holdfast.ledger.TransferDraft.pay;
import static io.holdfast.ledger.TransferDraft.post;
import static io.holdfast.ledger.TransferDraft.reserve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.HistoryFilter.Side;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueriesTest {
  private static final UInt128 ONE = UInt128.of(1);
  private static final long END = Long.MAX_VALUE;

  private final Bank bank = new Bank();

  /** Times in seconds of the clock: 1001 a payment out, 1002 a reservation, 1003 in, 1004 post. */
  @BeforeEach
  void some_history() {
    bank.open(account(1).userData(1, 2, 3), account(2).ledger(1).code(11), account(3).ledger(2));
    bank.stamp = 1001 * Bank.SECOND;
    bank.pay(pay(100, 1, 2, 5).userData(7, 8, 9));
    bank.stamp = 1002 * Bank.SECOND;
    bank.pay(reserve(101, 1, 2, 6).timeout(2));
    bank.stamp = 1003 * Bank.SECOND;
    bank.pay(pay(102, 2, 1, 4).code(21), reserve(103, 1, 2, 3));
    bank.stamp = 1004 * Bank.SECOND;
    bank.pay(post(104, 103).amount(2));
    bank.pulse();
  }

  @AfterEach
  void close() {
    bank.close();
  }

  @Test
  void look_ups_answer_in_the_order_asked_and_leave_out_what_is_missing() {
    assertThat(bank.ledger.queries().accounts(List.of(UInt128.of(3), UInt128.of(9), ONE, ONE)))
        .extracting(a -> a.id().lo())
        .containsExactly(3L, 1L, 1L);
    assertThat(
            bank.ledger
                .queries()
                .transfers(List.of(UInt128.of(104), UInt128.of(9), UInt128.of(100))))
        .extracting(t -> t.id().lo())
        .containsExactly(104L, 100L);
  }

  @Test
  void balances_are_shown_after_every_movement_expiries_included() {
    assertThat(
            bank.ledger.queries().balancesOf(ONE, oldest(9)).rows().stream().map(QueriesTest::line))
        .containsExactly(
            "100 0 5 0 0",
            "101 6 5 0 0",
            "102 6 5 0 4",
            "103 9 5 0 4",
            "104 6 7 0 4",
            "101 expired 0 7 0 4");
  }

  private static String line(Balance b) {
    return b.transferId()
        + (b.expiry() ? " expired " : " ")
        + b.debitsPending()
        + " "
        + b.debitsPosted()
        + " "
        + b.creditsPending()
        + " "
        + b.creditsPosted();
  }

  @Test
  void a_page_says_where_the_next_one_begins() {
    Page<Transfer> first = bank.ledger.queries().transfersOf(ONE, oldest(2));
    assertThat(first.rows()).extracting(t -> t.id().lo()).containsExactly(100L, 101L);
    assertThat(first.next()).isEqualTo(first.rows().get(1).timestamp());
    Page<Transfer> exact = bank.ledger.queries().transfersOf(ONE, oldest(5));
    assertThat(exact.next()).as("nothing is left").isZero();
    assertThat(Pages.all(HistoryFilter.newest(2), f -> bank.ledger.queries().transfersOf(ONE, f)))
        .extracting(t -> t.id().lo())
        .containsExactly(104L, 103L, 102L, 101L, 100L);
  }

  @Test
  void a_history_is_filtered_by_time_side_code_and_user_data() {
    long from = 1002 * Bank.SECOND;
    long to = 1003 * Bank.SECOND;
    assertThat(ids(new HistoryFilter(from, to, null, null, null, null, null, true, 9, 0)))
        .containsExactly(103L, 102L, 101L);
    assertThat(ids(new HistoryFilter(from + 1, to, null, null, null, null, null, false, 9, 0)))
        .containsExactly(102L, 103L);
    assertThat(ids(new HistoryFilter(from, to - 1, null, null, null, null, null, false, 9, 0)))
        .containsExactly(101L, 102L);
    assertThat(ids(filter(Side.CREDIT, null, null, null, null))).containsExactly(102L);
    assertThat(ids(filter(Side.DEBIT, null, null, null, null)))
        .containsExactly(104L, 103L, 101L, 100L);
    assertThat(ids(filter(null, 21, null, null, null))).containsExactly(102L);
    assertThat(ids(filter(null, null, UInt128.of(7), null, null))).containsExactly(100L);
    assertThat(ids(filter(null, null, null, 8L, null))).containsExactly(100L);
    assertThat(ids(filter(null, null, null, null, 9))).containsExactly(100L);
    assertThat(ids(filter(null, null, null, null, 1))).isEmpty();
  }

  private static HistoryFilter filter(
      @Nullable Side side,
      @Nullable Integer code,
      @Nullable UInt128 data128,
      @Nullable Long data64,
      @Nullable Integer data32) {
    return new HistoryFilter(0, END, side, code, data128, data64, data32, true, 9, 0);
  }

  private List<Long> ids(HistoryFilter filter) {
    return bank.ledger.queries().transfersOf(ONE, filter).rows().stream()
        .map(t -> t.id().lo())
        .toList();
  }

  @Test
  void accounts_are_found_by_filter_oldest_first() {
    Page<Account> first = bank.ledger.queries().accounts(AccountFilter.all(2, 0));
    assertThat(first.rows()).extracting(a -> a.id().lo()).containsExactly(1L, 2L);
    Page<Account> rest = bank.ledger.queries().accounts(AccountFilter.all(2, first.next()));
    assertThat(rest.rows()).extracting(a -> a.id().lo()).containsExactly(3L);
    assertThat(rest.next()).isZero();
    assertThat(found(accounts(2, null, null, null, null))).containsExactly(3L);
    assertThat(found(accounts(null, 11, null, null, null))).containsExactly(2L);
    assertThat(found(accounts(null, null, ONE, 2L, 3))).containsExactly(1L);
    assertThat(found(accounts(null, null, null, 9L, null))).isEmpty();
    assertThat(found(accounts(null, null, null, null, 9))).isEmpty();
  }

  private static AccountFilter accounts(
      @Nullable Integer ledger,
      @Nullable Integer code,
      @Nullable UInt128 data128,
      @Nullable Long data64,
      @Nullable Integer data32) {
    return new AccountFilter(0, END, ledger, code, data128, data64, data32, false, 9, 0);
  }

  private List<Long> found(AccountFilter filter) {
    return bank.ledger.queries().accounts(filter).rows().stream().map(a -> a.id().lo()).toList();
  }

  @Test
  void accounts_are_found_by_when_they_were_opened_newest_or_oldest_first() {
    List<Account> all = bank.ledger.queries().accounts(AccountFilter.all(9, 0)).rows();
    long from = all.get(1).timestamp();
    long to = all.get(2).timestamp();
    assertThat(found(opened(from, to, false, 9, 0))).containsExactly(2L, 3L);
    assertThat(found(opened(from + 1, to, false, 9, 0))).containsExactly(3L);
    assertThat(found(opened(0, to - 1, true, 9, 0))).containsExactly(2L, 1L);
    assertThat(found(opened(to + 1, END, true, 9, 0))).isEmpty();
    assertThat(found(opened(to, from, true, 9, 0))).isEmpty();
    Page<Account> first = bank.ledger.queries().accounts(opened(0, END, true, 2, 0));
    assertThat(first.rows()).extracting(a -> a.id().lo()).containsExactly(3L, 2L);
    assertThat(found(opened(0, END, true, 2, first.next()))).containsExactly(1L);
  }

  private static AccountFilter opened(
      long from, long to, boolean newestFirst, int limit, long after) {
    return new AccountFilter(from, to, null, null, null, null, null, newestFirst, limit, after);
  }

  @Test
  void a_long_look_through_accounts_and_transfers_is_done_in_parts() {
    int many = AccountQueries.LOOKED_AT_MAX + 100;
    long[] id = {1000};
    for (int left = many; left > 0; left -= 8_000) {
      List<Account> accounts = new ArrayList<>();
      List<Transfer> transfers = new ArrayList<>();
      for (int i = 0; i < Math.min(left, 8_000); i++) {
        accounts.add(Account.opening(UInt128.of(id[0]), 7, 1, 0));
        transfers.add(Transfer.payment(UInt128.of(id[0]++), ONE, UInt128.of(2), 1, 1, 10));
      }
      bank.submit(Request.ofAccounts(accounts));
      bank.submit(Request.ofTransfers(transfers));
    }
    for (boolean newestFirst : new boolean[] {true, false}) {
      List<Long> nexts = new ArrayList<>();
      List<Long> accounts = new ArrayList<>();
      long after = 0;
      do {
        Page<Account> page =
            bank.ledger
                .queries()
                .accounts(
                    new AccountFilter(0, END, 2, null, null, null, null, newestFirst, 9, after));
        page.rows().forEach(account -> accounts.add(account.id().lo()));
        after = page.next();
        nexts.add(after);
      } while (after != 0);
      assertThat(accounts).containsExactly(3L);
      assertThat(nexts).as("pages").hasSize(2);
      nexts.clear();
      List<Long> transfers = new ArrayList<>();
      do {
        Page<Transfer> page =
            bank.ledger
                .queries()
                .transfers(
                    new TransferFilter(0, END, null, 21, null, null, null, newestFirst, 9, after));
        page.rows().forEach(transfer -> transfers.add(transfer.id().lo()));
        after = page.next();
        nexts.add(after);
      } while (after != 0);
      assertThat(transfers).containsExactly(102L);
      assertThat(nexts).as("pages").hasSize(2);
    }
  }

  @Test
  void a_walk_in_parts_is_of_the_moment_it_began_at() {
    HistoryFilter filter = oldest(9);
    List<Balance> before = bank.ledger.queries().balancesOf(ONE, filter).rows();
    RecentWalk<Balance> walk = bank.ledger.queries().recentBalancesOf(ONE, filter).orElseThrow();
    int parts = 0;
    while (walk.advance(1) == RecentWalk.State.UNDER_WAY) {
      bank.pay(pay(200 + parts, 1, 2, 1));
      parts++;
    }
    assertThat(parts).isEqualTo(before.size() - 1);
    assertThat(walk.recent().rows()).isEqualTo(before);
  }

  @Test
  void reservations_go_on_after_one_whether_it_is_open_still_or_not() {
    bank.pay(reserve(301, 1, 2, 1), reserve(303, 2, 1, 1));
    bank.pay(reserve(304, 1, 2, 1), reserve(305, 1, 2, 1));
    Transfer last = holds(2, 0, null).getLast();
    List<Long> rest = List.of(303L, 301L);
    assertThat(ids(holds(9, 0, null))).containsExactly(305L, 304L, 303L, 301L);
    assertThat(last.id().lo()).isEqualTo(304);
    assertThat(ids(holds(9, last.timestamp(), null))).isEqualTo(rest);
    assertThat(ids(holds(9, last.timestamp(), last.id()))).isEqualTo(rest);
    assertThat(ids(holds(9, last.timestamp(), UInt128.of(301))))
        .as("another one's id is no help")
        .isEqualTo(rest);
    bank.pay(post(306, 304));
    assertThat(ids(holds(9, last.timestamp(), last.id()))).isEqualTo(rest);
  }

  private List<Transfer> holds(int limit, long after, @Nullable UInt128 afterId) {
    return bank.ledger
        .queries()
        .holdsOf(ONE, limit, after, afterId)
        .orElseThrow()
        .reservations()
        .rows();
  }

  private static List<Long> ids(List<Transfer> transfers) {
    return transfers.stream().map(transfer -> transfer.id().lo()).toList();
  }

  @Test
  void a_walk_is_lost_when_what_it_looks_at_is_forgotten_meanwhile() {
    try (Bank forgetful = new Bank(3, 4, 1)) {
      forgetful.open(account(1), account(2));
      forgetful.pay(pay(1, 1, 2, 5), pay(2, 1, 2, 5));
      forgetful.pay(pay(3, 1, 2, 5), pay(4, 1, 2, 5));
      RecentWalk<Transfer> walk =
          forgetful.ledger.queries().recentTransfersOf(ONE, oldest(9)).orElseThrow();
      assertThat(walk.advance(1)).isEqualTo(RecentWalk.State.UNDER_WAY);
      for (int i = 5; i < 20; i++) {
        forgetful.pay(pay(i, 1, 2, 5));
      }
      assertThat(walk.advance(1)).isEqualTo(RecentWalk.State.LOST);
    }
  }

  @Test
  void an_unknown_account_has_no_history() {
    UInt128 nobody = UInt128.of(77);
    assertThat(bank.ledger.queries().transfersOf(nobody, oldest(9)).rows()).isEmpty();
    assertThat(bank.ledger.queries().balancesOf(nobody, oldest(9)).rows()).isEmpty();
    assertThat(bank.ledger.queries().balancesOf(UInt128.of(3), oldest(9)).rows()).isEmpty();
  }

  @Test
  void too_much_at_once_is_refused_by_name() {
    assertRefused(
        "limit is 0; allowed: 1 to 8189", () -> bank.ledger.queries().transfersOf(ONE, oldest(0)));
    assertRefused(
        "limit is 8190; allowed: 1 to 8189",
        () -> bank.ledger.queries().balancesOf(ONE, oldest(8190)));
    assertRefused(
        "limit is -1; allowed: 1 to 8189",
        () -> bank.ledger.queries().accounts(AccountFilter.all(-1, 0)));
    assertRefused(
        "8190 ids are asked for; allowed: at most 8189",
        () -> bank.ledger.queries().transfers(Collections.nCopies(8190, ONE)));
  }

  private static void assertRefused(String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("out-of-range"))
        .hasMessage(message);
  }

  private static HistoryFilter oldest(int limit) {
    return new HistoryFilter(0, END, null, null, null, null, null, false, limit, 0);
  }

  @Test
  void a_ledger_that_was_closed_answers_nothing() {
    Ledger closed = new Ledger(1);
    closed.close();

    assertThatThrownBy(() -> closed.queries().accounts(List.of(ONE)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(closed::digest).isInstanceOf(IllegalStateException.class);
  }
}
