package io.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.drill.PaymentHistory.Row;
import io.holdfast.drill.Verdict.Kind;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The judge must pass a right ledger, and must catch each way of being wrong. */
class HistoryCheckerTest {
  private final LoadPlan plan = LoadPlan.of(7, 3);
  private final Book book = new Book(plan);
  private PaymentLoad load = new PaymentLoad(plan, book);

  @BeforeEach
  void pay() {
    load = new PaymentLoad(plan, book);
    load.start();
    load.awaitAcknowledged(3_000, Duration.ofSeconds(20));
    load.stop();
  }

  @Test
  void a_right_ledger_passes() {
    Verdict verdict = HistoryChecker.check(load, book);

    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.good()).isTrue();
    assertThat(verdict.acknowledged()).isGreaterThan(2_000);
    assertThat(verdict.refused()).isPositive();
    assertThat(verdict.sent())
        .isEqualTo(verdict.acknowledged() + verdict.refused() + verdict.unknown());
  }

  @Test
  void an_acknowledged_payment_that_is_missing_is_reported() {
    UInt128 id = book.plainPayments().getFirst().id();
    book.forget(id);

    Verdict verdict = HistoryChecker.check(load, book);

    assertThat(verdict.lost()).isEqualTo(1);
    assertThat(found(verdict, Kind.LOST)).containsExactly(id);
  }

  @Test
  void an_amount_that_was_moved_twice_is_reported_for_both_accounts() {
    Transfer twice = book.plainPayments().getFirst();
    book.moveAgain(twice.id());

    Verdict verdict = HistoryChecker.check(load, book);

    assertThat(found(verdict, Kind.MISBALANCED))
        .containsExactlyInAnyOrder(twice.debitAccountId(), twice.creditAccountId());
    assertThat(verdict.good()).isFalse();
  }

  @Test
  void a_payment_with_a_doubled_amount_is_reported() {
    UInt128 id = book.plainPayments().getFirst().id();
    book.alter(id);

    assertThat(found(HistoryChecker.check(load, book), Kind.DIFFERENT)).containsExactly(id);
  }

  @Test
  void a_refused_payment_that_is_present_is_reported() {
    Row refused = row(row -> !row.acknowledged() && !row.again() && differ(row.sent()));
    book.slipIn(refused.sent());

    assertThat(found(HistoryChecker.check(load, book), Kind.REFUSED_PRESENT))
        .containsExactly(refused.sent().id());
  }

  private boolean differ(Transfer sent) {
    return !sent.creditAccountId().equals(plan.unknownAccount())
        && !sent.debitAccountId().equals(sent.creditAccountId());
  }

  @Test
  void a_payment_that_nobody_sent_is_reported() {
    UInt128 id = plan.payment(99, 0);
    book.slipIn(
        Transfer.payment(id, plan.account(0), plan.account(1), 5, LoadPlan.LEDGER, LoadPlan.CODE));

    assertThat(found(HistoryChecker.check(load, book), Kind.STRANGER)).containsExactly(id);
  }

  @Test
  void a_payment_that_is_created_by_both_of_two_sendings_is_reported() {
    PaymentHistory history = new PaymentHistory(50);
    Transfer sent = book.plainPayments().getFirst();
    Transfer asSent = Book.at(sent, sent.amount(), 0);
    history.judged(history.sending(asSent, false, 1), Statuses.CREATED, sent.timestamp(), 1, 2);
    history.judged(history.sending(asSent, true, 3), Statuses.CREATED, sent.timestamp(), 2, 4);

    Verdict verdict = HistoryChecker.check(List.of(history), List.of(), List.of(), book);

    assertThat(found(verdict, Kind.DOUBLED)).containsExactly(sent.id());
  }

  @Test
  void an_answer_with_another_timestamp_than_the_ledger_holds_is_reported() {
    Row told = row(Row::acknowledged);
    PaymentHistory history = new PaymentHistory(50);
    int row = history.sending(told.sent(), false, 1);
    history.judged(row, Statuses.CREATED, told.timestamp() + 1, told.op(), 2);

    Verdict verdict = HistoryChecker.check(List.of(history), List.of(), List.of(), book);

    assertThat(found(verdict, Kind.DIFFERENT)).containsExactly(told.sent().id());
  }

  @Test
  void a_later_payment_with_a_smaller_timestamp_is_reported() {
    List<Transfer> two = book.plainPayments().subList(0, 2);
    PaymentHistory history = new PaymentHistory(50);
    for (int i = 1; i >= 0; i--) { // the newer one is sent and answered first
      Transfer sent = two.get(i);
      int row = history.sending(Book.at(sent, sent.amount(), 0), false, 100 - 10L * i);
      history.judged(row, Statuses.CREATED, sent.timestamp(), 1 + i, 105 - 10L * i);
    }

    Verdict verdict = HistoryChecker.check(List.of(history), List.of(), List.of(), book);

    assertThat(found(verdict, Kind.CONTRADICTION)).contains(two.get(1).id());
  }

  @Test
  void a_payment_that_a_later_look_up_does_not_show_is_reported() {
    UInt128 id = book.plainPayments().getFirst().id();

    Verdict verdict = HistoryChecker.check(load.histories(), List.of(), List.of(id), book);

    assertThat(found(verdict, Kind.UNSEEN)).containsExactly(id);
  }

  @Test
  void a_payment_of_unknown_outcome_may_be_there_or_not() {
    Transfer there = book.plainPayments().getFirst();
    PaymentHistory history = new PaymentHistory(50);
    Transfer absent =
        Transfer.payment(
            plan.payment(50, 1), plan.account(0), plan.account(1), 5, LoadPlan.LEDGER, 1);
    for (Transfer sent : List.of(Book.at(there, there.amount(), 0), absent)) {
      history.close(history.sending(sent, false, 1), PaymentHistory.Fate.UNKNOWN, 2);
    }

    Verdict verdict = HistoryChecker.check(List.of(history), List.of(), List.of(), book);

    assertThat(verdict.unknown()).isEqualTo(2);
    assertThat(verdict.unknownPresent()).isEqualTo(1);
    assertThat(verdict.lost() + verdict.count(Kind.REFUSED_PRESENT)).isZero();
  }

  @Test
  void a_history_kept_as_evidence_is_judged_the_same(@TempDir Path directory) throws Exception {
    List<PaymentHistory> kept = new ArrayList<>();
    for (PaymentHistory history : load.histories()) {
      Path file = directory.resolve("client-" + history.client());
      history.writeTo(file);
      kept.add(PaymentHistory.readFrom(file));
    }
    List<UInt128> accounts = plan.openings().stream().map(a -> a.id()).toList();

    assertThat(HistoryChecker.check(kept, accounts, List.of(), book))
        .isEqualTo(HistoryChecker.check(load.histories(), accounts, List.of(), book));
  }

  private Row row(Predicate<Row> wanted) {
    for (PaymentHistory history : load.histories()) {
      for (int i = 0; i < history.size(); i++) {
        if (wanted.test(history.row(i))) {
          return history.row(i);
        }
      }
    }
    throw new AssertionError("the load made no such payment");
  }

  private static List<UInt128> found(Verdict verdict, Kind kind) {
    return verdict.findings().stream()
        .filter(finding -> finding.kind() == kind)
        .map(Verdict.Finding::id)
        .distinct()
        .toList();
  }
}
