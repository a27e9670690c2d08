package io.holdfast.ledger;

import static io.holdfast.ledger.AccountDraft.account;
import static io.holdfast.ledger.TransferDraft.cancel;
import static io.holdfast.ledger.TransferDraft.pay;
import static io.holdfast.ledger.TransferDraft.post;
import static io.holdfast.ledger.TransferDraft.reserve;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.UInt128;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A ledger that forgets every op as soon as it is over, and asks for what it then needs. */
class ForgettingTest {
  private static Bank bank() {
    Bank bank = new Bank(5, 1, 0);
    bank.open(account(1), account(2));
    return bank;
  }

  @Test
  void nothing_of_an_op_that_was_forgotten_is_in_memory() {
    try (Bank bank = bank()) {
      bank.pay(pay(10, 1, 2, 5));
      assertThat(bank.hasTransfer(10)).isFalse();
      assertThat(bank.ledger.queries().balancesOf(UInt128.of(1), HistoryFilter.newest(5)).rows())
          .isEmpty();
      assertThat(bank.ledger.movementCount()).isEqualTo(1);
    }
  }

  @Test
  void an_old_id_exists_and_is_compared() {
    try (Bank bank = bank()) {
      bank.pay(pay(10, 1, 2, 5).details((byte) 1), pay(11, 1, 2, 5));
      assertThat(
              bank.pay(
                  pay(10, 1, 2, 5).details((byte) 1),
                  pay(10, 1, 2, 5).details((byte) 2),
                  pay(10, 1, 2, 5),
                  pay(11, 1, 2, 5),
                  pay(11, 1, 2, 5).details((byte) 1),
                  pay(11, 1, 2, 6)))
          .containsExactly(
              TransferStatus.EXISTS,
              TransferStatus.EXISTS_WITH_DIFFERENT_DETAILS,
              TransferStatus.EXISTS_WITH_DIFFERENT_DETAILS,
              TransferStatus.EXISTS,
              TransferStatus.EXISTS_WITH_DIFFERENT_DETAILS,
              TransferStatus.EXISTS_WITH_DIFFERENT_AMOUNT);
    }
  }

  @Test
  void an_old_failure_is_remembered_with_its_status() {
    try (Bank bank = bank()) {
      bank.pay(pay(10, 1, 9, 5));
      bank.open(account(9));
      Reply reply = bank.reply(pay(10, 1, 9, 5));
      assertThat(reply.transferStatus(0)).isEqualTo(TransferStatus.ID_ALREADY_FAILED);
      assertThat(reply.reserved(0)).isEqualTo(TransferStatus.CREDIT_ACCOUNT_NOT_FOUND.code());
    }
  }

  @Test
  void within_one_batch_an_old_reservation_is_resolved_once_and_its_repetition_understood() {
    try (Bank bank = bank()) {
      bank.pay(reserve(10, 1, 2, 5));
      assertThat(bank.pay(post(11, 10), post(12, 10), post(11, 10), cancel(13, 10)))
          .containsExactly(
              TransferStatus.CREATED,
              TransferStatus.PENDING_TRANSFER_ALREADY_POSTED,
              TransferStatus.EXISTS,
              TransferStatus.PENDING_TRANSFER_ALREADY_POSTED);
    }
  }

  @Test
  void an_old_reservation_is_known_to_be_posted_voided_or_expired() {
    try (Bank bank = bank()) {
      bank.pay(reserve(10, 1, 2, 5), reserve(20, 1, 2, 5), reserve(30, 1, 2, 5).timeout(1));
      bank.pay(post(11, 10), cancel(21, 20));
      bank.stamp += 2 * Bank.SECOND;
      bank.pulse();
      assertThat(bank.pay(post(12, 10), post(22, 20), post(32, 30), post(11, 10), cancel(21, 20)))
          .containsExactly(
              TransferStatus.PENDING_TRANSFER_ALREADY_POSTED,
              TransferStatus.PENDING_TRANSFER_ALREADY_VOIDED,
              TransferStatus.PENDING_TRANSFER_EXPIRED,
              TransferStatus.EXISTS,
              TransferStatus.EXISTS);
      assertThat(bank.balances(1)).isEqualTo("0 5 0 0");
    }
  }

  @Test
  void a_chain_that_fails_gives_an_old_reservation_back() {
    try (Bank bank = bank()) {
      bank.pay(reserve(10, 1, 2, 5), reserve(20, 1, 2, 7));
      assertThat(bank.pay(post(11, 10).linked(), cancel(21, 20).linked(), pay(12, 1, 9, 1)))
          .containsExactly(
              TransferStatus.LINKED_EVENT_FAILED,
              TransferStatus.LINKED_EVENT_FAILED,
              TransferStatus.CREDIT_ACCOUNT_NOT_FOUND);
      assertThat(bank.balances(1)).isEqualTo("12 0 0 0");
      assertThat(bank.pay(post(11, 10), cancel(21, 20))).containsOnly(TransferStatus.CREATED);
      assertThat(bank.balances(1)).isEqualTo("0 5 0 0");
    }
  }

  @Test
  void the_time_of_an_old_movement_is_not_free_for_an_account() {
    try (Bank bank = new Bank(5, 1, 0)) {
      bank.open(account(1).importedAt(10), account(2).importedAt(20));
      bank.pay(pay(10, 1, 2, 5).importedAt(30), pay(11, 1, 2, 5).importedAt(40));
      assertThat(bank.open(account(3).importedAt(30)))
          .containsExactly(AccountStatus.IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS);
      assertThat(bank.open(account(3).importedAt(31))).containsExactly(AccountStatus.CREATED);
      assertThat(bank.open(account(4).importedAt(40)))
          .containsExactly(AccountStatus.IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS);
    }
  }

  @Test
  void memory_that_was_forgotten_is_used_again_and_finds_nothing_of_before() {
    try (Bank bank = bank()) {
      for (int i = 0; i < 200; i++) {
        assertThat(bank.pay(pay(100 + i, 1, 2, 1), reserve(1000 + i, 2, 1, 1)))
            .containsOnly(TransferStatus.CREATED);
        assertThat(bank.pay(post(5000 + i, 1000 + i))).containsOnly(TransferStatus.CREATED);
      }
      assertThat(bank.balances(1)).isEqualTo("0 200 0 200");
    }
  }

  /** A history that tells nothing, and notes what it was asked. */
  private static final class Asked implements History {
    final List<UInt128> ids = new ArrayList<>();

    @Override
    public boolean isEmpty() {
      return false;
    }

    @Override
    public void find(IdList asked, OldFacts found) {
      for (int i = 0; i < asked.size(); i++) {
        ids.add(new UInt128(asked.hi(i), asked.lo(i)));
      }
    }

    @Override
    public boolean hasMovementAt(long timestamp) {
      return false;
    }
  }

  @Test
  void of_a_batch_that_was_judged_before_only_what_met_something_old_is_asked_for() {
    Asked asked = new Asked();
    try (Ledger ledger = new Ledger(1, asked, 1)) {
      byte[] bytes =
          Bank.batch(
              1_000,
              Request.ofTransfers(List.of(pay(10, 1, 2, 5).build(), pay(11, 1, 2, 5).build())),
              Request.ofTransfers(List.of(pay(12, 1, 2, 5).build(), post(13, 7).build())));
      MemorySegment batch = MemorySegment.ofArray(bytes);
      ledger.prefetch(batch, bytes.length, event -> event % 2 == 1);
      assertThat(asked.ids).containsExactly(UInt128.of(11), UInt128.of(13), UInt128.of(7));
      asked.ids.clear();
      ledger.prefetch(batch, bytes.length);
      assertThat(asked.ids).hasSize(5);
    }
  }
}
