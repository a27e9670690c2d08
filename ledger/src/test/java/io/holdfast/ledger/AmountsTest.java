package io.holdfast.ledger;

import static io.holdfast.ledger.AccountDraft.account;
import static io.holdfast.ledger.TransferDraft.pay;
import static io.holdfast.ledger.TransferDraft.post;
import static io.holdfast.ledger.TransferDraft.reserve;
import static io.holdfast.ledger.TransferFlags.BALANCING_CREDIT;
import static io.holdfast.ledger.TransferFlags.BALANCING_DEBIT;
import static io.holdfast.ledger.TransferFlags.CLOSING_CREDIT;
import static io.holdfast.ledger.TransferFlags.PENDING;
import static io.holdfast.ledger.TransferStatus.CREATED;
import static io.holdfast.ledger.TransferStatus.CREDIT_ACCOUNT_ALREADY_CLOSED;
import static io.holdfast.ledger.TransferStatus.EXCEEDS_CREDITS;
import static io.holdfast.ledger.TransferStatus.EXCEEDS_DEBITS;
import static io.holdfast.ledger.TransferStatus.EXISTS;
import static io.holdfast.ledger.TransferStatus.EXISTS_WITH_DIFFERENT_AMOUNT;
import static io.holdfast.ledger.TransferStatus.ID_ALREADY_FAILED;
import static io.holdfast.ledger.TransferStatus.OVERFLOWS_CREDITS;
import static io.holdfast.ledger.TransferStatus.OVERFLOWS_CREDITS_PENDING;
import static io.holdfast.ledger.TransferStatus.OVERFLOWS_CREDITS_POSTED;
import static io.holdfast.ledger.TransferStatus.OVERFLOWS_DEBITS;
import static io.holdfast.ledger.TransferStatus.OVERFLOWS_DEBITS_PENDING;
import static io.holdfast.ledger.TransferStatus.OVERFLOWS_DEBITS_POSTED;
import static io.holdfast.ledger.TransferStatus.OVERFLOWS_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.UInt128;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Balancing, limits, closing, and the end of 128 bits. */
class AmountsTest {
  private static final UInt128 MAX = UInt128.MAX;
  private static final UInt128 ALMOST = new UInt128(-1, -2);

  private final Bank bank = new Bank();

  @BeforeEach
  void accounts() {
    bank.open(
        account(1),
        account(2),
        account(3),
        account(4),
        account(6).flags(AccountFlags.DEBITS_MUST_NOT_EXCEED_CREDITS),
        account(7).flags(AccountFlags.CREDITS_MUST_NOT_EXCEED_DEBITS));
  }

  @AfterEach
  void close() {
    bank.close();
  }

  @Test
  void the_largest_amount_fits_once() {
    assertThat(bank.pay(pay(100, 1, 2, 0).amount(MAX))).containsExactly(CREATED);
    assertThat(bank.balances(1)).isEqualTo("0 " + MAX + " 0 0");
    assertThat(bank.pay(pay(101, 1, 3, 1), pay(102, 3, 2, 1)))
        .containsExactly(OVERFLOWS_DEBITS_POSTED, OVERFLOWS_CREDITS_POSTED);
    assertThat(bank.pay(pay(103, 1, 2, 0), pay(104, 2, 1, 0).amount(MAX)))
        .containsExactly(CREATED, CREATED);
    assertThat(bank.ledger.conserved()).isTrue();
  }

  @Test
  void each_overflow_has_its_name_and_they_come_in_order() {
    bank.pay(reserve(100, 1, 2, 0).amount(ALMOST));
    assertThat(bank.pay(reserve(101, 1, 2, 2))).containsExactly(OVERFLOWS_DEBITS_PENDING);
    assertThat(bank.pay(reserve(102, 3, 2, 2))).containsExactly(OVERFLOWS_CREDITS_PENDING);
    assertThat(bank.pay(pay(103, 1, 2, 2))).containsExactly(OVERFLOWS_DEBITS);
    assertThat(bank.pay(pay(104, 3, 2, 2))).containsExactly(OVERFLOWS_CREDITS);
    assertThat(bank.pay(pay(105, 1, 2, 1))).containsExactly(CREATED);
    assertThat(bank.pay(pay(106, 1, 2, 0).amount(MAX))).containsExactly(OVERFLOWS_DEBITS_POSTED);
    assertThat(bank.pay(reserve(107, 1, 2, 0).amount(MAX)))
        .containsExactly(OVERFLOWS_DEBITS_PENDING);
    assertThat(bank.pay(pay(101, 3, 4, 2)))
        .as("an overflow may be repeated under its id")
        .containsExactly(CREATED);
  }

  @Test
  void a_timeout_must_end_before_time_does() {
    bank.stamp = Long.MAX_VALUE - 5 * Bank.SECOND;
    assertThat(bank.pay(reserve(100, 1, 2, 1).timeout(5))).containsExactly(CREATED);
    assertThat(bank.ledger.nextExpiryNanos()).isEqualTo(Long.MAX_VALUE);
    assertThat(bank.pay(reserve(101, 1, 2, 1).timeout(5))).containsExactly(OVERFLOWS_TIMEOUT);
    assertThat(bank.pay(reserve(102, 6, 7, 1).timeout(-1)))
        .as("the timeout is unsigned, and judged before limits")
        .containsExactly(OVERFLOWS_TIMEOUT);
  }

  @Test
  void limits_count_what_is_reserved_and_credits_only_when_posted() {
    assertThat(bank.pay(reserve(100, 1, 6, 10), pay(101, 6, 1, 1)))
        .containsExactly(CREATED, EXCEEDS_CREDITS);
    assertThat(bank.pay(post(102, 100).amount(9), reserve(103, 6, 1, 5), pay(104, 6, 1, 5)))
        .containsExactly(CREATED, CREATED, EXCEEDS_CREDITS);
    assertThat(bank.pay(pay(105, 6, 1, 4), pay(106, 6, 1, 1)))
        .containsExactly(CREATED, EXCEEDS_CREDITS);
    assertThat(bank.pay(pay(107, 7, 1, 10), reserve(108, 1, 7, 10), pay(109, 1, 7, 1)))
        .containsExactly(CREATED, CREATED, EXCEEDS_DEBITS);
  }

  @Test
  void an_id_that_failed_for_a_passing_reason_never_succeeds() {
    bank.pay(pay(100, 6, 1, 5), pay(101, 1, 6, 100));
    Reply reply = bank.reply(pay(100, 6, 1, 5), pay(100, 1, 2, 1));
    assertThat(Bank.statuses(reply)).containsExactly(ID_ALREADY_FAILED, ID_ALREADY_FAILED);
    assertThat(reply.reserved(0)).isEqualTo(EXCEEDS_CREDITS.code());
    assertThat(reply.timestamp(0)).isZero();
  }

  @Test
  void a_balancing_debit_moves_at_most_what_the_debit_account_has() {
    bank.pay(pay(100, 2, 1, 10), reserve(101, 1, 3, 2), pay(102, 1, 3, 3));
    assertThat(bank.pay(pay(103, 1, 4, 0).amount(MAX).with(BALANCING_DEBIT)))
        .containsExactly(CREATED);
    assertThat(bank.transfer(103).amount()).isEqualTo(UInt128.of(5));
    assertThat(bank.pay(pay(104, 1, 4, 9).with(BALANCING_DEBIT))).containsExactly(CREATED);
    assertThat(bank.transfer(104).amount()).as("nothing is left").isEqualTo(UInt128.ZERO);
    assertThat(
            bank.pay(
                pay(103, 1, 4, 5).with(BALANCING_DEBIT),
                pay(103, 1, 4, 99).with(BALANCING_DEBIT),
                pay(103, 1, 4, 4).with(BALANCING_DEBIT)))
        .containsExactly(EXISTS, EXISTS, EXISTS_WITH_DIFFERENT_AMOUNT);
  }

  @Test
  void a_balancing_credit_moves_at_most_what_the_credit_account_owes() {
    bank.pay(pay(100, 1, 2, 10), reserve(101, 3, 1, 2), pay(102, 3, 1, 3));
    assertThat(bank.pay(pay(103, 4, 1, 7).with(BALANCING_CREDIT | PENDING)))
        .containsExactly(CREATED);
    assertThat(bank.transfer(103).amount()).isEqualTo(UInt128.of(5));
    assertThat(bank.balances(1)).isEqualTo("0 10 7 3");
  }

  @Test
  void balancing_both_takes_the_smaller_and_an_overdrawn_account_gives_nothing() {
    bank.pay(pay(100, 2, 1, 10), pay(101, 3, 2, 4));
    assertThat(bank.pay(pay(102, 1, 3, 99).with(BALANCING_DEBIT | BALANCING_CREDIT)))
        .containsExactly(CREATED);
    assertThat(bank.transfer(102).amount()).isEqualTo(UInt128.of(4));
    assertThat(bank.pay(pay(103, 2, 4, 99).with(BALANCING_DEBIT))).containsExactly(CREATED);
    assertThat(bank.transfer(103).amount()).isEqualTo(UInt128.ZERO);
  }

  @Test
  void a_closed_account_lets_only_a_void_through() {
    bank.pay(reserve(100, 1, 2, 5), reserve(101, 1, 2, 0).with(CLOSING_CREDIT));
    assertThat(bank.closed(2)).isTrue();
    assertThat(bank.pay(pay(102, 1, 2, 1), post(103, 100), post(104, 101)))
        .containsOnly(CREDIT_ACCOUNT_ALREADY_CLOSED);
    assertThat(bank.pay(TransferDraft.cancel(105, 100), TransferDraft.cancel(106, 101)))
        .containsExactly(CREATED, CREATED);
    assertThat(bank.closed(2)).isFalse();
    assertThat(bank.pay(pay(107, 1, 2, 1))).containsExactly(CREATED);
  }

  @Test
  void an_account_that_was_closed_later_is_still_the_account_that_was_opened() {
    bank.pay(reserve(101, 1, 2, 0).with(CLOSING_CREDIT));
    assertThat(bank.open(account(2))).containsExactly(AccountStatus.EXISTS);
    assertThat(bank.open(account(2).flags(AccountFlags.CLOSED)))
        .containsExactly(AccountStatus.EXISTS_WITH_DIFFERENT_FLAGS);
  }

  @Test
  void details_are_kept_and_returned() {
    byte[] large = new byte[4096];
    large[4095] = 9;
    bank.pay(
        pay(100, 1, 2, 1).details(large), pay(101, 1, 2, 1), pay(102, 1, 2, 1).details((byte) 3));
    assertThat(bank.details(UInt128.of(100))).isEqualTo(large);
    assertThat(bank.details(UInt128.of(101))).isEmpty();
    assertThat(bank.details(UInt128.of(102))).containsExactly(3);
    assertThat(bank.details(UInt128.of(999))).isEmpty();
    assertThat(bank.pay(pay(100, 1, 2, 1).details(List.of(large).getFirst().clone())))
        .containsExactly(EXISTS);
  }
}
