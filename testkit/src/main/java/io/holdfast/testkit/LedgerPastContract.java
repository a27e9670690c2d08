package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.LedgerAccess.Answer;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Holds;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import io.holdfast.ledger.TransferFlags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The part of {@link LedgerAccessContract} about balances at a time, reservations and lists. */
public abstract class LedgerPastContract extends LedgerReadsContract {
  private static final int CURRENCY = 978;

  @Test
  void balances_are_answered_as_they_were_at_any_time() {
    UInt128 mine = account(0);
    UInt128 other = account(0);
    long opened = opened(mine);
    long first = made(payment(freshId(), mine, other, 5));
    long second = made(payment(freshId(), other, mine, 7));

    assertThat(balanceAt(mine, opened - 1)).as("before it was opened").isEmpty();
    Balance before = balanceAt(mine, opened).orElseThrow();
    assertThat(before.timestamp()).isZero();
    assertThat(before.transferId()).isEqualTo(UInt128.ZERO);
    assertThat(before.debitsPosted()).isEqualTo(UInt128.ZERO);
    assertThat(balanceAt(mine, first - 1)).contains(before);
    Balance afterFirst = balanceAt(mine, first).orElseThrow();
    assertThat(afterFirst.timestamp()).isEqualTo(first);
    assertThat(afterFirst.debitsPosted()).isEqualTo(UInt128.of(5));
    assertThat(balanceAt(mine, second - 1)).as("between two movements").contains(afterFirst);
    Balance last = balanceAt(mine, second).orElseThrow();
    assertThat(last.creditsPosted()).isEqualTo(UInt128.of(7));
    assertThat(last.debitsPosted()).isEqualTo(UInt128.of(5));
    assertThat(balanceAt(mine, Long.MAX_VALUE)).as("now").contains(last);
    assertThat(balanceAt(freshId(), Long.MAX_VALUE)).as("no such account").isEmpty();
  }

  @Test
  void balances_of_a_time_to_come_are_refused_and_those_of_the_newest_payment_never() {
    UInt128 mine = account(0);
    UInt128 other = account(0);
    long year = Duration.ofDays(365).toNanos();
    for (int i = 0; i < 20; i++) {
      long newest = made(payment(freshId(), mine, other, 5));
      assertThat(balanceAt(mine, newest).orElseThrow().timestamp()).isEqualTo(newest);
      assertThatThrownBy(() -> balanceAt(mine, newest + year))
          .hasRootCauseInstanceOf(HoldfastException.class)
          .rootCause()
          .isInstanceOfSatisfying(
              HoldfastException.class,
              e -> {
                assertThat(e.code()).isEqualTo("time-to-come");
                assertThat(e.message()).contains("at is " + (newest + year), "allowed: up to ");
                assertThat(e.hint()).contains("leave at out");
              });
    }
    HistoryFilter ahead =
        new HistoryFilter(0, opened(mine) + year, null, null, null, null, null, true, 50, 0);
    assertThat(ledger().balancesOf(mine, ahead, Consistency.LINEARIZABLE).join().value().rows())
        .as("a bound may lie ahead")
        .hasSize(20);
  }

  @Test
  void an_account_is_answered_with_its_open_reservations_page_by_page() {
    UInt128 mine = account(0);
    UInt128 other = account(0);
    List<UInt128> ids = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      UInt128 id = freshId();
      ids.add(id);
      created(with(payment(id, mine, other, i), TransferFlags.PENDING, UInt128.ZERO));
    }
    created(payment(freshId(), mine, other, 100));
    created(
        with(
            payment(freshId(), mine, other, 2),
            TransferFlags.POST_PENDING_TRANSFER,
            ids.remove(1)));

    List<UInt128> seen = new ArrayList<>();
    long after = 0;
    do {
      Holds holds = holds(mine, 3, after).orElseThrow();
      assertThat(holds.account().debitsPending()).isEqualTo(UInt128.of(13));
      assertThat(holds.account().debitsPosted()).isEqualTo(UInt128.of(102));
      assertThat(holds.reservations().rows()).hasSizeLessThanOrEqualTo(3);
      holds.reservations().rows().forEach(hold -> seen.add(hold.id()));
      after = holds.reservations().next();
    } while (after != 0);

    assertThat(seen).containsExactlyElementsOf(ids.reversed());
    assertThat(holds(other, 10, 0).orElseThrow().reservations().rows()).hasSize(4);
    assertThat(holds(freshId(), 10, 0)).as("no such account").isEmpty();
  }

  @Test
  void all_transfers_are_listed_by_filter_in_either_order() {
    UInt128 from = account(0);
    UInt128 to = account(0);
    long mark = freshId().lo();
    List<UInt128> ids = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      UInt128 id = freshId();
      ids.add(id);
      times.add(made(marked(id, from, to, mark, i % 2 == 0 ? 10 : 11)));
    }
    created(payment(freshId(), from, to, 1));

    TransferFilter oldest =
        new TransferFilter(
            times.get(0), Long.MAX_VALUE, CURRENCY, null, null, mark, null, false, 4, 0);
    assertThat(ids(oldest)).containsExactlyElementsOf(ids);
    TransferFilter newest =
        new TransferFilter(
            times.get(1), times.get(4), null, 11, UInt128.of(9), mark, 7, true, 1, 0);
    assertThat(ids(newest)).containsExactly(ids.get(3), ids.get(1));
    assertThat(
            ids(
                new TransferFilter(
                    times.get(0), Long.MAX_VALUE, 1, null, null, mark, null, true, 9, 0)))
        .as("of another ledger")
        .isEmpty();
  }

  @Test
  void accounts_are_listed_by_the_time_of_opening_newest_or_oldest_first() {
    List<UInt128> ids = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ids.add(account(0));
    }
    long from = opened(ids.get(1));
    long to = opened(ids.get(3));

    AccountFilter newest =
        new AccountFilter(from, to, CURRENCY, null, null, null, null, true, 2, 0);
    Page<Account> first = accounts(newest);
    assertThat(first.rows()).extracting(Account::id).containsExactly(ids.get(3), ids.get(2));
    AccountFilter rest =
        new AccountFilter(from, to, CURRENCY, null, null, null, null, true, 2, first.next());
    assertThat(accounts(rest).rows()).extracting(Account::id).containsExactly(ids.get(1));
    assertThat(accounts(rest).next()).isZero();
    AccountFilter oldest =
        new AccountFilter(from, to - 1, null, null, null, null, null, false, 9, 0);
    assertThat(accounts(oldest).rows())
        .extracting(Account::id)
        .containsExactly(ids.get(1), ids.get(2));
  }

  @Test
  void every_stale_answer_says_how_far_behind_it_may_be() {
    UInt128 mine = account(0);
    created(payment(freshId(), mine, account(0), 5));
    List<Answer<?>> answers =
        List.of(
            ledger().balanceAt(mine, Long.MAX_VALUE, Consistency.STALE_OK).join(),
            ledger().holdsOf(mine, 10, 0, Consistency.STALE_OK).join(),
            ledger().holdsOf(freshId(), 10, 0, Consistency.STALE_OK).join(),
            ledger().transfers(TransferFilter.newest(1), Consistency.STALE_OK).join(),
            ledger().accounts(AccountFilter.all(1, 0), Consistency.STALE_OK).join(),
            ledger().transfersOf(mine, HistoryFilter.newest(1), Consistency.STALE_OK).join(),
            ledger().balancesOf(mine, HistoryFilter.newest(1), Consistency.STALE_OK).join());

    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.op()).isPositive();
              assertThat(answer.lagOps()).isNotNegative();
              assertThat(answer.lagMillis()).isNotNegative();
            });
  }

  private Optional<Balance> balanceAt(UInt128 account, long timestamp) {
    return ledger().balanceAt(account, timestamp, Consistency.LINEARIZABLE).join().value();
  }

  private Optional<Holds> holds(UInt128 account, int limit, long after) {
    return ledger().holdsOf(account, limit, after, Consistency.LINEARIZABLE).join().value();
  }

  private Page<Account> accounts(AccountFilter filter) {
    return ledger().accounts(filter, Consistency.LINEARIZABLE).join().value();
  }

  private long opened(UInt128 account) {
    return ledger()
        .accounts(List.of(account), Consistency.LINEARIZABLE)
        .join()
        .value()
        .getFirst()
        .timestamp();
  }

  private long made(Transfer transfer) {
    return submit(Request.ofTransfers(List.of(transfer))).timestamp(0);
  }

  private List<UInt128> ids(TransferFilter filter) {
    List<UInt128> ids = new ArrayList<>();
    long after = 0;
    do {
      Page<Transfer> page =
          ledger()
              .transfers(
                  new TransferFilter(
                      filter.fromNanos(),
                      filter.toNanos(),
                      filter.ledger(),
                      filter.code(),
                      filter.userData128(),
                      filter.userData64(),
                      filter.userData32(),
                      filter.newestFirst(),
                      filter.limit(),
                      after),
                  Consistency.LINEARIZABLE)
              .join()
              .value();
      assertThat(page.rows()).hasSizeLessThanOrEqualTo(filter.limit());
      page.rows().forEach(transfer -> ids.add(transfer.id()));
      after = page.next();
    } while (after != 0);
    return ids;
  }

  private static Transfer marked(UInt128 id, UInt128 from, UInt128 to, long mark, int code) {
    return new Transfer(
        id, from, to, UInt128.of(1), UInt128.ZERO, UInt128.of(9), mark, 7, 0, CURRENCY, code, 0, 0);
  }
}
