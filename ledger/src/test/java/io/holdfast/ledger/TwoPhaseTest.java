package io.holdfast.ledger;

import static io.holdfast.ledger.AccountDraft.account;
import static io.holdfast.ledger.TransferDraft.cancel;
import static io.holdfast.ledger.TransferDraft.pay;
import static io.holdfast.ledger.TransferDraft.post;
import static io.holdfast.ledger.TransferDraft.reserve;
import static io.holdfast.ledger.TransferStatus.CREATED;
import static io.holdfast.ledger.TransferStatus.DEBIT_ACCOUNT_ALREADY_CLOSED;
import static io.holdfast.ledger.TransferStatus.PENDING_TRANSFER_ALREADY_POSTED;
import static io.holdfast.ledger.TransferStatus.PENDING_TRANSFER_EXPIRED;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TwoPhaseTest {
  private final Bank bank = new Bank();

  @BeforeEach
  void two_accounts() {
    bank.open(account(1), account(2));
  }

  @AfterEach
  void close() {
    bank.close();
  }

  @Test
  void a_payment_moves_the_amount_at_once() {
    assertThat(bank.pay(pay(100, 1, 2, 7))).containsExactly(CREATED);
    assertThat(bank.balances(1)).isEqualTo("0 7 0 0");
    assertThat(bank.balances(2)).isEqualTo("0 0 0 7");
  }

  @Test
  void a_pending_transfer_reserves_and_a_post_of_a_part_releases_the_rest() {
    bank.pay(reserve(100, 1, 2, 50));
    assertThat(bank.balances(1)).isEqualTo("50 0 0 0");
    assertThat(bank.balances(2)).isEqualTo("0 0 50 0");
    assertThat(bank.pay(post(101, 100).amount(20))).containsExactly(CREATED);
    assertThat(bank.balances(1)).isEqualTo("0 20 0 0");
    assertThat(bank.balances(2)).isEqualTo("0 0 0 20");
    assertThat(bank.pay(cancel(102, 100))).containsExactly(PENDING_TRANSFER_ALREADY_POSTED);
  }

  @Test
  void a_post_is_stored_with_what_it_left_out() {
    bank.pay(reserve(100, 1, 2, 50).userData(5, 6, 7));
    bank.pay(post(101, 100).userData(0, 9, 0));
    Transfer stored = bank.transfer(101);
    assertThat(stored)
        .isEqualTo(
            post(101, 100)
                .debit(1)
                .credit(2)
                .amount(50)
                .userData(5, 9, 7)
                .ledger(1)
                .code(20)
                .timestamp(stored.timestamp())
                .build());
  }

  @Test
  void a_reservation_expires_at_its_nanosecond_and_not_before() {
    Reply reply = bank.reply(reserve(100, 1, 2, 50).timeout(3), reserve(101, 1, 2, 1).timeout(3));
    long expiry = reply.timestamp(0) + 3 * Bank.SECOND;
    assertThat(bank.ledger.nextExpiryNanos()).isEqualTo(expiry);

    bank.stamp = expiry - 1;
    bank.pulse();
    assertThat(bank.balances(1)).isEqualTo("51 0 0 0");
    bank.stamp = expiry;
    bank.pulse();
    assertThat(bank.balances(1)).isEqualTo("1 0 0 0");
    assertThat(bank.ledger.lastTimestamp()).isEqualTo(expiry);
    assertThat(bank.ledger.nextExpiryNanos()).isEqualTo(expiry + 1);
    assertThat(bank.ledger.transferCount()).isEqualTo(2);
    assertThat(bank.pay(post(102, 100))).containsExactly(PENDING_TRANSFER_EXPIRED);
  }

  @Test
  void an_expired_transfer_cannot_be_posted_even_before_the_pulse() {
    Reply reply = bank.reply(reserve(100, 1, 2, 50).timeout(3));
    long expiry = reply.timestamp(0) + 3 * Bank.SECOND;
    bank.stamp = expiry;
    assertThat(bank.pay(post(101, 100).amount(1).linked(), post(102, 100)))
        .as("the first event is one nanosecond early, the second on time")
        .containsExactly(TransferStatus.LINKED_EVENT_FAILED, PENDING_TRANSFER_ALREADY_POSTED);
    assertThat(bank.pay(post(103, 100))).containsExactly(PENDING_TRANSFER_EXPIRED);
    bank.pulse();
    assertThat(bank.balances(1)).isEqualTo("0 0 0 0");
  }

  @Test
  void expiry_reopens_what_the_pending_transfer_closed() {
    bank.pay(reserve(100, 1, 2, 50).timeout(1).with(TransferFlags.CLOSING_DEBIT));
    assertThat(bank.closed(1)).isTrue();
    assertThat(bank.pay(pay(101, 1, 2, 1))).containsExactly(DEBIT_ACCOUNT_ALREADY_CLOSED);
    bank.stamp += 2 * Bank.SECOND;
    bank.pulse();
    assertThat(bank.closed(1)).isFalse();
    assertThat(bank.pay(pay(102, 1, 2, 1))).containsExactly(CREATED);
  }
}
