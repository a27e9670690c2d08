package io.holdfast.ledger;

import static io.holdfast.ledger.AccountDraft.account;
import static io.holdfast.ledger.TransferDraft.cancel;
import static io.holdfast.ledger.TransferDraft.pay;
import static io.holdfast.ledger.TransferDraft.post;
import static io.holdfast.ledger.TransferDraft.reserve;
import static io.holdfast.ledger.TransferFlags.BALANCING_CREDIT;
import static io.holdfast.ledger.TransferFlags.BALANCING_DEBIT;
import static io.holdfast.ledger.TransferFlags.CLOSING_CREDIT;
import static io.holdfast.ledger.TransferFlags.CLOSING_DEBIT;
import static io.holdfast.ledger.TransferFlags.PENDING;
import static io.holdfast.ledger.TransferFlags.POST_PENDING_TRANSFER;
import static io.holdfast.ledger.TransferFlags.VOID_PENDING_TRANSFER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.holdfast.kernel.UInt128;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A row is a transfer and its status. Most rows have two things wrong at once: the status named
 * first in the order of precedence wins over the one that the next row is about.
 */
class TransferRulesTest {
  private static final UInt128 MAX = UInt128.MAX;

  private final Bank bank = new Bank();

  /**
   * Accounts 1 to 4 of ledger 1, 5 of ledger 2; 6 must not be debited, 7 not credited beyond what
   * it has; 8 is closed. Transfers: 100 a payment, 101 pending, 102 posted, 103 voided, 104
   * expired; 105 a post of 102, 106 a void of 103; 107 pending with a closed debit account.
   */
  @BeforeEach
  void a_ledger_with_something_in_it() {
    bank.open(
        account(1),
        account(2),
        account(3),
        account(4),
        account(5).ledger(2),
        account(6).flags(AccountFlags.DEBITS_MUST_NOT_EXCEED_CREDITS),
        account(7).flags(AccountFlags.CREDITS_MUST_NOT_EXCEED_DEBITS),
        account(8).flags(AccountFlags.CLOSED),
        account(9));
    assertThat(
            bank.pay(
                pay(100, 1, 2, 10).userData(1, 2, 3).details((byte) 1, (byte) 2),
                reserve(101, 1, 2, 10).userData(1, 2, 3),
                reserve(102, 1, 2, 10),
                reserve(103, 1, 2, 10),
                reserve(104, 1, 2, 10).timeout(1),
                post(105, 102).amount(4),
                cancel(106, 103),
                reserve(107, 9, 2, 10),
                reserve(108, 9, 2, 10).with(CLOSING_DEBIT),
                reserve(109, 1, 2, 10).timeout(9),
                pay(110, 3, 4, 7).with(BALANCING_DEBIT | BALANCING_CREDIT)))
        .containsOnly(TransferStatus.CREATED);
    bank.stamp += 2 * Bank.SECOND;
    bank.pulse();
    assertThat(bank.pay(pay(300, 99, 2, 1))).containsOnly(TransferStatus.DEBIT_ACCOUNT_NOT_FOUND);
  }

  @AfterEach
  void close() {
    bank.close();
  }

  static Stream<Arguments> rows() {
    return Stream.of(every(), repetitions(), resolutions(), payments()).flatMap(s -> s);
  }

  private static Stream<Arguments> every() {
    return Stream.of(
        row("timestamp_must_be_zero", pay(0, 1, 2, 1).timestamp(5).with(1 << 9)),
        row("reserved_flag", pay(0, 1, 2, 1).with(1 << 9)),
        row("reserved_flag", pay(0, 1, 2, 1).with(1 << 15)),
        row("id_must_not_be_zero", pay(0, 1, 2, 1).with(PENDING | POST_PENDING_TRANSFER)),
        row("id_must_not_be_int_max", pay(0, 1, 1, 1).id(MAX)),
        row("id_already_failed", pay(300, 1, 1, 1)),
        row("id_already_failed", post(300, 0).with(PENDING)),
        row("flags_are_mutually_exclusive", post(200, 0).with(PENDING)),
        row("flags_are_mutually_exclusive", cancel(200, 0).with(PENDING)),
        row("flags_are_mutually_exclusive", post(200, 0).with(VOID_PENDING_TRANSFER)),
        row("flags_are_mutually_exclusive", post(200, 0).with(BALANCING_DEBIT)),
        row("flags_are_mutually_exclusive", post(200, 0).with(BALANCING_CREDIT)),
        row("flags_are_mutually_exclusive", cancel(200, 0).with(CLOSING_DEBIT)),
        row("flags_are_mutually_exclusive", cancel(200, 0).with(CLOSING_CREDIT)));
  }

  private static Stream<Arguments> repetitions() {
    return Stream.of(
        row("exists", same()),
        row("exists_with_different_flags", same().with(PENDING).pendingId(9)),
        row("exists_with_different_pending_id", same().pendingId(9).timeout(9)),
        row("exists_with_different_timeout", same().timeout(9).debit(9)),
        row("exists_with_different_debit_account_id", same().debit(9).credit(9)),
        row("exists_with_different_credit_account_id", same().credit(9).amount(9)),
        row("exists_with_different_amount", same().amount(9).userData(9, 9, 9)),
        row("exists_with_different_user_data_128", same().userData(9, 9, 9)),
        row("exists_with_different_user_data_64", same().userData(1, 9, 9)),
        row("exists_with_different_user_data_32", same().userData(1, 2, 9).ledger(9)),
        row("exists_with_different_ledger", same().ledger(9).code(9)),
        row("exists_with_different_code", same().code(9).details((byte) 9)),
        row("exists_with_different_details", same().details((byte) 9)),
        row("exists_with_different_details", same().details()),
        row("exists_with_different_flags", pay(105, 1, 2, 4)),
        row("exists", post(105, 102).amount(4)),
        row("exists", post(105, 102).amount(4).debit(1).credit(2).ledger(1).code(20)),
        row("exists_with_different_pending_id", post(105, 101).amount(4).timeout(1)),
        row("exists_with_different_timeout", post(105, 102).timeout(1).debit(9)),
        row("exists_with_different_debit_account_id", post(105, 102).debit(9).credit(9)),
        row("exists_with_different_credit_account_id", post(105, 102).credit(9).amount(5)),
        row("exists_with_different_amount", post(105, 102).amount(5).userData(9, 9, 9)),
        row("exists_with_different_amount", post(105, 102)),
        row("exists_with_different_user_data_128", post(105, 102).amount(4).userData(9, 9, 9)),
        row("exists_with_different_user_data_64", post(105, 102).amount(4).userData(0, 9, 9)),
        row(
            "exists_with_different_user_data_32",
            post(105, 102).amount(4).userData(0, 0, 9).ledger(9)),
        row("exists_with_different_ledger", post(105, 102).amount(4).ledger(9).code(9)),
        row("exists_with_different_code", post(105, 102).amount(4).code(9).details((byte) 1)),
        row("exists_with_different_details", post(105, 102).amount(4).details((byte) 1)),
        row("exists", cancel(106, 103)),
        row("exists", cancel(106, 103).amount(10)),
        row("exists_with_different_amount", cancel(106, 103).amount(9)),
        row("exists_with_different_amount", cancel(106, 103).amount(MAX)),
        row("exists", pay(110, 3, 4, 7).with(BALANCING_DEBIT | BALANCING_CREDIT)),
        row("exists", pay(110, 3, 4, 0).with(BALANCING_DEBIT | BALANCING_CREDIT)));
  }

  private static Stream<Arguments> resolutions() {
    return Stream.of(
        row("pending_id_must_not_be_zero", post(200, 0).timeout(1)),
        row("pending_id_must_not_be_int_max", post(200, 0).pendingId(MAX).timeout(1)),
        row("pending_id_must_be_different", post(200, 200).timeout(1)),
        row("timeout_reserved_for_pending_transfer", post(200, 999).timeout(1)),
        row("pending_transfer_not_found", post(200, 999).debit(9)),
        row("pending_transfer_not_found", post(200, 300)),
        row("pending_transfer_not_pending", post(200, 100).debit(9)),
        row("pending_transfer_not_pending", cancel(200, 105)),
        row("pending_transfer_has_different_debit_account_id", post(200, 101).debit(9).credit(9)),
        row(
            "pending_transfer_has_different_debit_account_id",
            post(200, 101).debit(new UInt128(1, 1))),
        row("pending_transfer_has_different_credit_account_id", post(200, 101).credit(9).ledger(9)),
        row("pending_transfer_has_different_ledger", post(200, 101).ledger(9).code(9)),
        row("pending_transfer_has_different_code", post(200, 101).code(9).amount(11)),
        row("exceeds_pending_transfer_amount", post(200, 102).amount(11)),
        row("exceeds_pending_transfer_amount", cancel(200, 103).amount(MAX)),
        row("exceeds_pending_transfer_amount", post(200, 101).amount(new UInt128(1, 0))),
        row("pending_transfer_has_different_amount", cancel(200, 103).amount(9)),
        row("pending_transfer_already_posted", post(200, 102)),
        row("pending_transfer_already_posted", cancel(200, 102)),
        row("pending_transfer_already_voided", post(200, 103)),
        row("pending_transfer_expired", post(200, 104)),
        row("pending_transfer_expired", cancel(200, 104)),
        row("debit_account_already_closed", post(200, 107)),
        row("created", cancel(200, 107)),
        row("created", cancel(200, 108)),
        row("created", cancel(200, 101).amount(10)),
        row("created", post(200, 101)),
        row("created", post(200, 101).amount(0)),
        row("created", post(200, 101).debit(1).credit(2).ledger(1).code(20).amount(10)),
        row("created", post(200, 109)));
  }

  private static Stream<Arguments> payments() {
    return Stream.of(
        row("debit_account_id_must_not_be_zero", pay(200, 0, 0, 1)),
        row("debit_account_id_must_not_be_int_max", pay(200, 0, 0, 1).debit(MAX)),
        row("credit_account_id_must_not_be_zero", pay(200, 1, 0, 1).pendingId(1)),
        row("credit_account_id_must_not_be_int_max", pay(200, 1, 0, 1).credit(MAX).pendingId(1)),
        row("debit_account_id_must_not_be_int_max", pay(200, 0, 0, 1).debit(MAX).credit(MAX)),
        row("accounts_must_be_different", pay(200, 1, 1, 1).pendingId(1)),
        row("pending_id_must_be_zero", pay(200, 1, 2, 1).pendingId(1).timeout(1)),
        row(
            "timeout_reserved_for_pending_transfer",
            pay(200, 1, 2, 1).timeout(1).with(CLOSING_DEBIT)),
        row("closing_transfer_must_be_pending", pay(200, 1, 2, 1).with(CLOSING_DEBIT).ledger(0)),
        row("closing_transfer_must_be_pending", pay(200, 1, 2, 1).with(CLOSING_CREDIT).ledger(0)),
        row("ledger_must_not_be_zero", pay(200, 1, 2, 1).ledger(0).code(0)),
        row("code_must_not_be_zero", pay(200, 99, 2, 1).code(0)),
        row("debit_account_not_found", pay(200, 99, 98, 1)),
        row("credit_account_not_found", pay(200, 1, 98, 1).ledger(9)),
        row("accounts_must_have_the_same_ledger", pay(200, 1, 5, 1).ledger(9)),
        row("transfer_must_have_the_same_ledger_as_accounts", pay(200, 8, 2, 1).ledger(9)),
        row("debit_account_already_closed", pay(200, 8, 2, 1)),
        row("debit_account_already_closed", pay(200, 8, 9, 1)),
        row("credit_account_already_closed", pay(200, 6, 8, 1).amount(MAX)),
        row("overflows_debits_posted", pay(200, 1, 2, 0).amount(MAX)),
        row("overflows_debits_pending", reserve(200, 1, 2, 0).amount(MAX)),
        row("overflows_credits_pending", reserve(200, 3, 2, 0).amount(MAX)),
        row("overflows_credits_posted", pay(200, 3, 2, 0).amount(MAX)),
        row("exceeds_credits", pay(200, 6, 7, 1)),
        row("exceeds_credits", reserve(200, 6, 7, 1)),
        row("exceeds_debits", pay(200, 1, 7, 1)),
        row("created", pay(200, 6, 7, 0)),
        row("created", pay(200, 6, 2, 5).with(BALANCING_DEBIT)),
        row("created", pay(200, 1, 2, 0)));
  }

  private static TransferDraft same() {
    return pay(100, 1, 2, 10).userData(1, 2, 3).details((byte) 1, (byte) 2);
  }

  private static Arguments row(String status, TransferDraft draft) {
    return arguments(status, draft);
  }

  @ParameterizedTest(name = "{index}: {0}")
  @MethodSource("rows")
  void the_first_rule_that_is_broken_is_the_answer(String status, TransferDraft draft) {
    String balances = bank.balances(1) + bank.balances(2);
    Reply reply = bank.reply(draft);
    assertThat(reply.transferStatus(0).label()).isEqualTo(status);
    boolean success = reply.transferStatus(0).isSuccess();
    assertThat(reply.timestamp(0) != 0).as("has a timestamp").isEqualTo(success);
    if (reply.transferStatus(0) != TransferStatus.CREATED) {
      assertThat(bank.balances(1) + bank.balances(2)).isEqualTo(balances);
    }
    assertThat(reply.reserved(0))
        .isEqualTo(
            status.equals("id_already_failed") ? TransferStatus.DEBIT_ACCOUNT_NOT_FOUND.code() : 0);
  }
}
