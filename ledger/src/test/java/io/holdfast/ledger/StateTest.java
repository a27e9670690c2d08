package io.holdfast.ledger;

import static io.holdfast.ledger.AccountDraft.account;
import static io.holdfast.ledger.TransferDraft.pay;
import static io.holdfast.ledger.TransferDraft.post;
import static io.holdfast.ledger.TransferDraft.reserve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.Invariants;
import io.holdfast.kernel.UInt128;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The digest and the conservation of money must notice whatever is wrong. */
class StateTest {
  private static Bank bank(long seed, Consumer<Bank> more) {
    Bank bank = new Bank(seed);
    bank.open(account(1), account(2), account(3).ledger(2), account(4).ledger(2));
    bank.pay(pay(1, 1, 2, 5), reserve(2, 1, 2, 5), pay(3, 9, 2, 5), pay(4, 3, 4, 1).ledger(2));
    more.accept(bank);
    return bank;
  }

  private static byte[] digest(long seed, Consumer<Bank> more) {
    try (Bank bank = bank(seed, more)) {
      return bank.ledger.digest();
    }
  }

  @Test
  void the_digest_depends_on_history_alone() {
    assertThat(digest(1, b -> {})).isEqualTo(digest(2, b -> {})).hasSize(32);
    try (Ledger wide = new Ledger(99);
        Bank bank = bank(1, b -> {})) {
      byte[] results = new byte[1024];
      for (byte[] batch : bank.batches) {
        wide.apply(MemorySegment.ofArray(batch), batch.length, MemorySegment.ofArray(results));
      }
      assertThat(wide.digest()).as("chunks of another size").isEqualTo(bank.ledger.digest());
    }
  }

  @Test
  void the_digest_tells_apart_what_differs() {
    List<byte[]> digests =
        List.of(
            digest(1, b -> {}),
            digest(1, b -> b.pay(pay(10, 1, 1, 1))),
            digest(1, b -> b.pay(pay(10, 1, 9, 1))),
            digest(1, b -> b.pay(pay(10, 1, 2, 1))),
            digest(1, b -> b.pay(pay(10, 1, 2, 2))),
            digest(1, b -> b.pay(reserve(10, 1, 2, 1))),
            digest(1, b -> b.pay(reserve(10, 1, 2, 1).code(7))),
            digest(1, b -> b.pay(post(10, 2))),
            digest(1, b -> b.pay(reserve(10, 1, 2, 1).timeout(1))),
            digest(1, Bank::pulse),
            digest(1, b -> b.open(account(8))),
            digest(1, b -> b.open(account(8).flags(AccountFlags.CLOSED))));
    assertThat(digests).doesNotHaveDuplicates();
  }

  @Test
  void a_flipped_bit_in_a_balance_changes_the_digest_and_is_no_longer_conserved() {
    try (Bank bank = bank(1, b -> {})) {
      byte[] before = bank.ledger.digest();
      assertThat(bank.ledger.conserved()).isTrue();
      for (int field :
          new int[] {
            AccountRecord.DEBITS_PENDING,
            AccountRecord.DEBITS_POSTED,
            AccountRecord.CREDITS_PENDING,
            AccountRecord.CREDITS_POSTED + 15
          }) {
        flip(bank, 1, field);
        assertThat(bank.ledger.digest()).isNotEqualTo(before);
        assertThat(bank.ledger.conserved()).isFalse();
        flip(bank, 1, field);
      }
      assertThat(bank.ledger.digest()).isEqualTo(before);
      assertThat(bank.ledger.conserved()).isTrue();
    }
  }

  @Test
  void money_that_moves_between_ledgers_is_not_conserved() {
    try (Bank bank = bank(1, b -> {})) {
      flip(bank, 0, AccountRecord.DEBITS_POSTED + 1);
      flip(bank, 3, AccountRecord.CREDITS_POSTED + 1);
      assertThat(bank.ledger.conserved()).as("each ledger is looked at alone").isFalse();
    }
  }

  @Test
  void a_batch_that_does_not_conserve_money_is_noticed() {
    try (Bank bank = bank(1, b -> {})) {
      AccountStore accounts = bank.ledger.accountStore();
      Conservation conservation = new Conservation(accounts);
      accounts.forgetTouched();
      accounts.touch(0);
      accounts.touch(1);
      assertThat(conservation.holdsFor(accounts.touched())).isTrue();
      accounts.add(0, AccountRecord.DEBITS_POSTED, 0, 5);
      assertThat(conservation.holdsFor(accounts.touched())).isFalse();
      accounts.add(1, AccountRecord.CREDITS_PENDING, 0, 5);
      assertThat(conservation.holdsFor(accounts.touched())).isFalse();
      accounts.add(1, AccountRecord.CREDITS_POSTED, 0, 5);
      accounts.subtract(1, AccountRecord.CREDITS_PENDING, 0, 5);
      assertThat(conservation.holdsFor(accounts.touched())).isTrue();
      accounts.touch(2);
      accounts.add(2, AccountRecord.DEBITS_POSTED, 0, 1);
      accounts.add(0, AccountRecord.CREDITS_POSTED, 0, 1);
      assertThat(conservation.holdsFor(accounts.touched())).as("of two ledgers").isFalse();
    }
  }

  @Test
  void conservation_is_checked_in_any_number_of_ledgers_at_once() {
    try (Bank bank = new Bank()) {
      List<AccountDraft> opened = new ArrayList<>();
      List<TransferDraft> paid = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        int ledger = i * 7919 - 100_000 == 0 ? 1 : i * 7919 - 100_000;
        opened.add(account(2 * i + 1).ledger(ledger));
        opened.add(account(2 * i + 2).ledger(ledger));
        paid.add(pay(i + 1, 2 * i + 1, 2 * i + 2, i).ledger(ledger));
      }
      bank.open(opened.toArray(AccountDraft[]::new));
      assertThat(bank.pay(paid.toArray(TransferDraft[]::new))).containsOnly(TransferStatus.CREATED);
      assertThat(bank.ledger.conserved()).isTrue();
    }
  }

  @Test
  void the_index_finds_everything_while_it_grows() {
    try (Bank bank = new Bank(7)) {
      bank.open(account(1), account(2));
      int batches = 12;
      int size = 5_000;
      for (int b = 0; b < batches; b++) {
        List<TransferDraft> drafts = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          UInt128 id = new UInt128(i % 3, b * (long) size + i + 1);
          drafts.add(pay(0, 1, 2, 1).id(id));
        }
        assertThat(bank.pay(drafts.toArray(TransferDraft[]::new)))
            .containsOnly(TransferStatus.CREATED);
      }
      for (int b = 0; b < batches; b++) {
        List<UInt128> ids = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          ids.add(new UInt128(i % 3, b * (long) size + i + 1));
        }
        assertThat(bank.ledger.queries().transfers(ids)).extracting(Transfer::id).isEqualTo(ids);
        assertThat(bank.ledger.queries().transfers(List.of(new UInt128(7, b + 1)))).isEmpty();
      }
    }
  }

  @Test
  void what_is_taken_back_from_the_index_must_have_been_in_it() {
    try (Bank bank = bank(1, b -> {})) {
      assertThatThrownBy(() -> bank.ledger.accountStore().records().truncate(99))
          .isInstanceOf(Invariants.Broken.class);
    }
  }

  private static void flip(Bank bank, long position, int field) {
    AccountStore accounts = bank.ledger.accountStore();
    MemorySegment record = RecordStore.MEMORY;
    long at = accounts.at(position) + field;
    record.set(ValueLayout.JAVA_BYTE, at, (byte) (record.get(ValueLayout.JAVA_BYTE, at) ^ 1));
  }
}
