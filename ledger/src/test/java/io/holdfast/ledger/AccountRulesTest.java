package io.holdfast.ledger;

import static io.holdfast.ledger.AccountDraft.account;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.holdfast.kernel.UInt128;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A row is an account and its status, most with two things wrong: the earlier one is answered. */
class AccountRulesTest {
  private static final int BOTH_LIMITS =
      AccountFlags.DEBITS_MUST_NOT_EXCEED_CREDITS | AccountFlags.CREDITS_MUST_NOT_EXCEED_DEBITS;

  static Stream<Arguments> rows() {
    return Stream.of(
        arguments("created", account(9)),
        arguments("created", account(9).flags(AccountFlags.CLOSED | AccountFlags.HISTORY)),
        arguments("timestamp_must_be_zero", account(9).timestamp(1).reserved(1)),
        arguments("reserved_field", account(9).reserved(1).flags(64)),
        arguments("reserved_flag", account(0).flags(64)),
        arguments("reserved_flag", account(0).flags(1 << 15)),
        arguments("id_must_not_be_zero", account(0).flags(BOTH_LIMITS)),
        arguments("id_must_not_be_int_max", account(UInt128.MAX).flags(BOTH_LIMITS)),
        arguments("exists_with_different_flags", same().flags(BOTH_LIMITS).userData(9, 9, 9)),
        arguments("exists_with_different_user_data_128", same().userData(9, 9, 9)),
        arguments("exists_with_different_user_data_64", same().userData(1, 9, 9)),
        arguments("exists_with_different_user_data_32", same().userData(1, 2, 9).ledger(9)),
        arguments("exists_with_different_ledger", same().ledger(9).code(9)),
        arguments("exists_with_different_code", same().code(9).debitsPending(1)),
        arguments("exists", same()),
        arguments("exists", same().debitsPending(1)),
        arguments("flags_are_mutually_exclusive", account(9).flags(BOTH_LIMITS).debitsPending(1)),
        arguments("debits_pending_must_be_zero", account(9).debitsPending(1).debitsPosted(1)),
        arguments("debits_posted_must_be_zero", account(9).debitsPosted(1).creditsPending(1)),
        arguments("credits_pending_must_be_zero", account(9).creditsPending(1).creditsPosted(1)),
        arguments("credits_posted_must_be_zero", account(9).creditsPosted(1).ledger(0)),
        arguments("ledger_must_not_be_zero", account(9).ledger(0).code(0)),
        arguments("code_must_not_be_zero", account(9).code(0)));
  }

  private static AccountDraft same() {
    return account(1).userData(1, 2, 3);
  }

  @ParameterizedTest(name = "{index}: {0}")
  @MethodSource("rows")
  void the_first_rule_that_is_broken_is_the_answer(String status, AccountDraft draft) {
    try (Bank bank = new Bank()) {
      Reply first = bank.reply(same());
      Reply reply = bank.reply(draft);
      assertThat(reply.accountStatus(0).label()).isEqualTo(status);
      assertThat(reply.timestamp(0) != 0).isEqualTo(reply.accountStatus(0).isSuccess());
      if (reply.accountStatus(0) == AccountStatus.EXISTS) {
        assertThat(reply.timestamp(0)).isEqualTo(first.timestamp(0));
      }
    }
  }

  @Test
  void an_id_twice_in_a_request_exists_the_second_time() {
    try (Bank bank = new Bank()) {
      assertThat(bank.open(account(1), account(1), account(1).code(9)))
          .containsExactly(
              AccountStatus.CREATED,
              AccountStatus.EXISTS,
              AccountStatus.EXISTS_WITH_DIFFERENT_CODE);
    }
  }
}
