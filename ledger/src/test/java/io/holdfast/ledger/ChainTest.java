package io.holdfast.ledger;

import static io.holdfast.ledger.AccountDraft.account;
import static io.holdfast.ledger.TransferDraft.cancel;
import static io.holdfast.ledger.TransferDraft.pay;
import static io.holdfast.ledger.TransferDraft.post;
import static io.holdfast.ledger.TransferDraft.reserve;
import static io.holdfast.ledger.TransferStatus.ACCOUNTS_MUST_BE_DIFFERENT;
import static io.holdfast.ledger.TransferStatus.CODE_MUST_NOT_BE_ZERO;
import static io.holdfast.ledger.TransferStatus.CREATED;
import static io.holdfast.ledger.TransferStatus.DEBIT_ACCOUNT_NOT_FOUND;
import static io.holdfast.ledger.TransferStatus.EXISTS;
import static io.holdfast.ledger.TransferStatus.EXISTS_WITH_DIFFERENT_AMOUNT;
import static io.holdfast.ledger.TransferStatus.EXISTS_WITH_DIFFERENT_CODE;
import static io.holdfast.ledger.TransferStatus.ID_ALREADY_FAILED;
import static io.holdfast.ledger.TransferStatus.LINKED_EVENT_CHAIN_OPEN;
import static io.holdfast.ledger.TransferStatus.LINKED_EVENT_FAILED;
import static io.holdfast.ledger.TransferStatus.TIMESTAMP_MUST_BE_ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.UInt128;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChainTest {
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
  void a_chain_happens_whole() {
    assertThat(bank.pay(pay(100, 1, 2, 5).linked(), pay(101, 2, 1, 3)))
        .containsExactly(CREATED, CREATED);
    assertThat(bank.balances(1)).isEqualTo("0 5 0 3");
  }

  @Test
  void a_failed_chain_leaves_nothing_behind() {
    bank.pay(reserve(100, 1, 2, 9).timeout(60));
    long expiry = bank.ledger.nextExpiryNanos();
    long count = bank.ledger.transferCount();
    assertThat(
            bank.pay(
                pay(101, 1, 2, 5).linked().details((byte) 1),
                post(102, 100).linked(),
                reserve(103, 1, 2, 1)
                    .timeout(1)
                    .with(TransferFlags.CLOSING_DEBIT | TransferFlags.CLOSING_CREDIT)
                    .linked(),
                cancel(104, 103).linked(),
                pay(105, 1, 1, 1).linked(),
                pay(106, 1, 2, 1),
                pay(107, 1, 2, 1)))
        .containsExactly(
            LINKED_EVENT_FAILED,
            LINKED_EVENT_FAILED,
            LINKED_EVENT_FAILED,
            LINKED_EVENT_FAILED,
            ACCOUNTS_MUST_BE_DIFFERENT,
            LINKED_EVENT_FAILED,
            CREATED);
    assertThat(bank.balances(1)).isEqualTo("9 1 0 0");
    assertThat(bank.balances(2)).isEqualTo("0 0 9 1");
    assertThat(bank.closed(1)).isFalse();
    assertThat(bank.closed(2)).isFalse();
    assertThat(bank.ledger.transferCount()).isEqualTo(count + 1);
    assertThat(bank.ledger.nextExpiryNanos()).isEqualTo(expiry);
    assertThat(bank.details(UInt128.of(101))).isEmpty();
    assertThat(
            bank
                .ledger
                .queries()
                .transfersOf(UInt128.of(1), HistoryFilter.newest(10))
                .rows()
                .stream()
                .map(t -> t.id().lo()))
        .containsExactly(107L, 100L);
    assertThat(bank.pay(pay(101, 1, 2, 5), post(102, 100))).containsExactly(CREATED, CREATED);
  }

  @Test
  void a_chain_that_stays_open_fails_and_its_last_event_says_so() {
    assertThat(bank.pay(pay(100, 1, 2, 5).linked(), pay(101, 1, 2, 3).linked()))
        .containsExactly(LINKED_EVENT_FAILED, LINKED_EVENT_CHAIN_OPEN);
    assertThat(bank.pay(pay(100, 1, 2, 5).code(0).linked(), pay(101, 1, 2, 3).linked()))
        .containsExactly(CODE_MUST_NOT_BE_ZERO, LINKED_EVENT_CHAIN_OPEN);
    assertThat(bank.pay(pay(100, 1, 2, 5).linked())).containsExactly(LINKED_EVENT_CHAIN_OPEN);
    assertThat(bank.ledger.transferCount()).isZero();
  }

  @Test
  void a_chain_does_not_reach_into_the_next_request_of_the_batch() {
    List<Reply> replies =
        bank.submit(
            Bank.request(pay(100, 1, 2, 5).linked()),
            Bank.request(pay(101, 1, 2, 3)),
            Bank.request(pay(102, 1, 2, 4).linked(), pay(103, 1, 2, 4)));
    assertThat(replies.stream().flatMap(r -> Bank.statuses(r).stream()))
        .containsExactly(LINKED_EVENT_CHAIN_OPEN, CREATED, CREATED, CREATED);
  }

  @Test
  void repeating_a_chain_that_happened_changes_nothing_and_says_so() {
    Reply first = bank.reply(pay(100, 1, 2, 5).linked(), pay(101, 2, 1, 3));
    Reply again = bank.reply(pay(100, 1, 2, 5).linked(), pay(101, 2, 1, 3));
    assertThat(Bank.statuses(again)).containsExactly(EXISTS, EXISTS);
    assertThat(again.timestamp(0)).isEqualTo(first.timestamp(0));
    assertThat(again.timestamp(1)).isEqualTo(first.timestamp(1));
    assertThat(bank.balances(1)).isEqualTo("0 5 0 3");
  }

  @Test
  void a_chain_repeated_with_a_difference_names_the_first_one() {
    bank.pay(pay(100, 1, 2, 5).linked(), pay(101, 2, 1, 3).linked(), pay(102, 1, 2, 1));
    assertThat(
            bank.pay(
                pay(100, 1, 2, 5).linked(), pay(101, 2, 1, 4).linked(), pay(102, 1, 2, 1).code(9)))
        .containsExactly(LINKED_EVENT_FAILED, EXISTS_WITH_DIFFERENT_AMOUNT, LINKED_EVENT_FAILED);
    assertThat(
            bank.pay(
                pay(100, 1, 2, 5).linked(), pay(999, 2, 1, 4).linked(), pay(102, 1, 2, 1).code(9)))
        .as("a difference counts before something missing")
        .containsExactly(LINKED_EVENT_FAILED, LINKED_EVENT_FAILED, EXISTS_WITH_DIFFERENT_CODE);
    assertThat(
            bank.pay(
                pay(100, 1, 2, 5).linked(),
                pay(101, 2, 1, 3).linked().timestamp(1),
                pay(102, 1, 2, 1)))
        .containsExactly(LINKED_EVENT_FAILED, TIMESTAMP_MUST_BE_ZERO, LINKED_EVENT_FAILED);
  }

  @Test
  void a_chain_that_exists_in_part_is_not_completed() {
    bank.pay(pay(100, 1, 2, 5).linked(), pay(101, 2, 1, 3));
    assertThat(bank.pay(pay(100, 1, 2, 5).linked(), pay(102, 2, 1, 3)))
        .containsExactly(EXISTS, LINKED_EVENT_FAILED);
    assertThat(bank.pay(pay(103, 1, 2, 5).linked(), pay(101, 2, 1, 3)))
        .as("what exists later in a chain breaks it there")
        .containsExactly(LINKED_EVENT_FAILED, EXISTS);
    assertThat(bank.hasTransfer(102)).isFalse();
    assertThat(bank.hasTransfer(103)).isFalse();
  }

  @Test
  void the_event_that_broke_a_chain_for_a_passing_reason_never_succeeds_later() {
    assertThat(bank.pay(pay(100, 1, 2, 5).linked(), pay(101, 3, 2, 3)))
        .containsExactly(LINKED_EVENT_FAILED, DEBIT_ACCOUNT_NOT_FOUND);
    bank.open(account(3));
    Reply reply = bank.reply(pay(100, 1, 2, 5), pay(101, 3, 2, 3));
    assertThat(Bank.statuses(reply)).containsExactly(CREATED, ID_ALREADY_FAILED);
    assertThat(reply.reserved(1)).isEqualTo(DEBIT_ACCOUNT_NOT_FOUND.code());
  }

  @Test
  void a_failed_chain_of_accounts_opens_none() {
    assertThat(bank.open(account(5).linked(), account(6).linked(), account(7).code(0)))
        .containsExactly(
            AccountStatus.LINKED_EVENT_FAILED,
            AccountStatus.LINKED_EVENT_FAILED,
            AccountStatus.CODE_MUST_NOT_BE_ZERO);
    assertThat(bank.ledger.accountCount()).isEqualTo(2);
    assertThat(bank.open(account(5).linked(), account(6)))
        .containsExactly(AccountStatus.CREATED, AccountStatus.CREATED);
    assertThat(bank.open(account(5).linked(), account(6)))
        .containsExactly(AccountStatus.EXISTS, AccountStatus.EXISTS);
  }
}
