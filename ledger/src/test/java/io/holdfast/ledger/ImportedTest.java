package io.holdfast.ledger;

import static io.holdfast.ledger.AccountDraft.account;
import static io.holdfast.ledger.TransferDraft.pay;
import static io.holdfast.ledger.TransferDraft.post;
import static io.holdfast.ledger.TransferDraft.reserve;
import static io.holdfast.ledger.TransferStatus.CREATED;
import static io.holdfast.ledger.TransferStatus.DEBIT_ACCOUNT_ALREADY_CLOSED;
import static io.holdfast.ledger.TransferStatus.EXISTS;
import static io.holdfast.ledger.TransferStatus.IMPORTED_EVENT_EXPECTED;
import static io.holdfast.ledger.TransferStatus.IMPORTED_EVENT_NOT_EXPECTED;
import static io.holdfast.ledger.TransferStatus.IMPORTED_EVENT_TIMEOUT_MUST_BE_ZERO;
import static io.holdfast.ledger.TransferStatus.IMPORTED_EVENT_TIMESTAMP_MUST_NOT_ADVANCE;
import static io.holdfast.ledger.TransferStatus.IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS;
import static io.holdfast.ledger.TransferStatus.IMPORTED_EVENT_TIMESTAMP_MUST_POSTDATE_CREDIT_ACCOUNT;
import static io.holdfast.ledger.TransferStatus.IMPORTED_EVENT_TIMESTAMP_MUST_POSTDATE_DEBIT_ACCOUNT;
import static io.holdfast.ledger.TransferStatus.IMPORTED_EVENT_TIMESTAMP_OUT_OF_RANGE;
import static io.holdfast.ledger.TransferStatus.LINKED_EVENT_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ImportedTest {
  private final Bank bank = new Bank();

  @BeforeEach
  void accounts_of_long_ago() {
    assertThat(
            bank.open(
                account(1).importedAt(100),
                account(2).importedAt(200),
                account(8).flags(AccountFlags.CLOSED).importedAt(300)))
        .containsOnly(AccountStatus.CREATED);
  }

  @AfterEach
  void close() {
    bank.close();
  }

  @Test
  void imported_events_keep_their_timestamps() {
    Reply reply =
        bank.reply(pay(100, 1, 2, 5).importedAt(1000), pay(101, 1, 2, 5).importedAt(1001));
    assertThat(Bank.statuses(reply)).containsExactly(CREATED, CREATED);
    assertThat(reply.timestamp(1)).isEqualTo(1001);
    assertThat(bank.transfer(101).timestamp()).isEqualTo(1001);
    assertThat(bank.account(2).timestamp()).isEqualTo(200);
    assertThat(bank.pay(pay(100, 1, 2, 5).importedAt(1000))).containsExactly(EXISTS);
  }

  @Test
  void a_request_is_all_imported_or_none() {
    assertThat(bank.pay(pay(100, 1, 2, 5).importedAt(1000), pay(101, 1, 2, 5).timestamp(7)))
        .containsExactly(CREATED, IMPORTED_EVENT_EXPECTED);
    assertThat(bank.pay(pay(102, 1, 2, 5), pay(103, 1, 2, 5).importedAt(0)))
        .containsExactly(CREATED, IMPORTED_EVENT_NOT_EXPECTED);
    List<Reply> neighbours =
        bank.submit(
            Bank.request(pay(104, 1, 2, 5)),
            Bank.request(pay(105, 1, 2, 5).importedAt(bank.ledger.lastTimestamp() + 2)));
    assertThat(Bank.statuses(neighbours.get(1)))
        .as("a neighbour's request decides for itself")
        .containsExactly(IMPORTED_EVENT_TIMESTAMP_MUST_NOT_ADVANCE);
  }

  @Test
  void a_timestamp_lies_in_the_past_and_within_its_range() {
    bank.stamp += 100;
    long now = bank.stamp;
    assertThat(
            bank.pay(
                pay(100, 1, 2, 5).importedAt(0).with(1 << 9),
                pay(101, 1, 2, 5).importedAt(Long.MIN_VALUE),
                pay(102, 1, 2, 5).importedAt(-1),
                pay(103, 1, 2, 5).importedAt(now - 1).with(1 << 9),
                pay(104, 1, 2, 5).importedAt(now)))
        .containsExactly(
            IMPORTED_EVENT_TIMESTAMP_OUT_OF_RANGE,
            IMPORTED_EVENT_TIMESTAMP_OUT_OF_RANGE,
            IMPORTED_EVENT_TIMESTAMP_OUT_OF_RANGE,
            IMPORTED_EVENT_TIMESTAMP_MUST_NOT_ADVANCE,
            IMPORTED_EVENT_TIMESTAMP_MUST_NOT_ADVANCE);
    bank.stamp += 100;
    assertThat(bank.pay(pay(105, 1, 2, 5).importedAt(bank.stamp - 1))).containsExactly(CREATED);
  }

  @Test
  void an_imported_event_never_takes_the_time_of_a_later_one_in_the_batch() {
    bank.stamp += 100;
    List<Reply> replies =
        bank.submit(
            Bank.request(pay(100, 1, 2, 5).importedAt(bank.stamp - 1)),
            Bank.request(pay(101, 1, 2, 5)));
    assertThat(Bank.statuses(replies.get(0)))
        .as("its own time would be stamp - 1, although the batch's is later")
        .containsExactly(IMPORTED_EVENT_TIMESTAMP_MUST_NOT_ADVANCE);
    bank.stamp += 100;
    replies =
        bank.submit(
            Bank.request(pay(102, 1, 2, 5).importedAt(bank.stamp - 2)),
            Bank.request(pay(103, 1, 2, 5)));
    assertThat(replies.get(0).timestamp(0)).isEqualTo(bank.stamp - 2);
    assertThat(replies.get(1).timestamp(0)).isEqualTo(bank.stamp);
  }

  @Test
  void imported_transfers_move_on_in_time_and_come_after_their_accounts() {
    assertThat(
            bank.pay(
                pay(100, 2, 1, 5).importedAt(150),
                pay(101, 1, 2, 5).importedAt(150),
                pay(102, 1, 2, 5).importedAt(200),
                pay(103, 1, 2, 5).importedAt(250).with(TransferFlags.PENDING).timeout(1),
                pay(104, 1, 2, 5).importedAt(250),
                pay(105, 2, 1, 5).importedAt(250).with(TransferFlags.PENDING).timeout(1),
                pay(106, 2, 1, 5).importedAt(300),
                pay(107, 8, 1, 5).importedAt(301).with(TransferFlags.PENDING).timeout(1),
                pay(108, 8, 1, 5).importedAt(301),
                pay(109, 2, 1, 5).importedAt(301)))
        .containsExactly(
            IMPORTED_EVENT_TIMESTAMP_MUST_POSTDATE_DEBIT_ACCOUNT,
            IMPORTED_EVENT_TIMESTAMP_MUST_POSTDATE_CREDIT_ACCOUNT,
            IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS,
            IMPORTED_EVENT_TIMEOUT_MUST_BE_ZERO,
            CREATED,
            IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS,
            IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS,
            IMPORTED_EVENT_TIMEOUT_MUST_BE_ZERO,
            DEBIT_ACCOUNT_ALREADY_CLOSED,
            CREATED);
  }

  @Test
  void an_imported_account_never_takes_the_time_of_a_transfer() {
    bank.pay(pay(100, 1, 2, 5).importedAt(1000));
    assertThat(
            bank.open(
                account(3).importedAt(1000),
                account(4).importedAt(300),
                account(5).code(0).importedAt(300),
                account(6).importedAt(999)))
        .containsExactly(
            AccountStatus.IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS,
            AccountStatus.IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS,
            AccountStatus.CODE_MUST_NOT_BE_ZERO,
            AccountStatus.CREATED);
  }

  @Test
  void one_live_transfer_makes_older_imports_impossible() {
    bank.pay(pay(100, 1, 2, 5));
    assertThat(bank.pay(pay(101, 1, 2, 5).importedAt(1000)))
        .containsExactly(IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS);
    assertThat(bank.open(account(3).importedAt(1000))).containsExactly(AccountStatus.CREATED);
  }

  @Test
  void a_pending_transfer_can_be_imported_and_posted() {
    assertThat(
            bank.pay(
                reserve(100, 1, 2, 5).importedAt(1000),
                post(101, 100).importedAt(1000),
                post(102, 100).importedAt(200),
                post(103, 100).importedAt(1001)))
        .containsExactly(
            CREATED,
            IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS,
            IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS,
            CREATED);
    assertThat(bank.transfer(103).timestamp()).isEqualTo(1001);
  }

  @Test
  void a_failed_chain_of_imports_leaves_the_past_free() {
    assertThat(
            bank.pay(
                pay(100, 1, 2, 5).importedAt(1000).linked(), pay(101, 1, 1, 5).importedAt(1001)))
        .containsExactly(LINKED_EVENT_FAILED, TransferStatus.ACCOUNTS_MUST_BE_DIFFERENT);
    assertThat(bank.pay(pay(100, 1, 2, 5).importedAt(500))).containsExactly(CREATED);
  }

  @Test
  void the_account_rules_for_imports_come_in_order() {
    assertThat(bank.open(account(11).importedAt(0).reserved(1)))
        .containsExactly(AccountStatus.IMPORTED_EVENT_TIMESTAMP_OUT_OF_RANGE);
    assertThat(bank.open(account(11).importedAt(bank.stamp + 9).reserved(1)))
        .containsExactly(AccountStatus.IMPORTED_EVENT_TIMESTAMP_MUST_NOT_ADVANCE);
    assertThat(bank.open(account(11).importedAt(1000), account(12)))
        .containsExactly(AccountStatus.CREATED, AccountStatus.IMPORTED_EVENT_EXPECTED);
    assertThat(bank.open(account(12), account(13).importedAt(0)))
        .containsExactly(AccountStatus.CREATED, AccountStatus.IMPORTED_EVENT_NOT_EXPECTED);
  }
}
