package io.holdfast.ledger;

import static io.holdfast.ledger.AccountDraft.account;
import static io.holdfast.ledger.TransferDraft.pay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Invariants;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Details that come sealed: compared by tag under one key, counted by key, erased by period. */
class SealedDetailsTest {
  private static final DetailsKeyName MARCH = key(202603, 11);
  private static final DetailsKeyName APRIL = key(202604, 12);

  private static DetailsKeyName key(int period, long fingerprint) {
    return new DetailsKeyName(new DetailsPeriod(period), fingerprint);
  }

  private static Bank bank(int weight) {
    Bank bank = weight == 0 ? new Bank() : new Bank(5, weight, 0);
    bank.open(account(1), account(2));
    return bank;
  }

  /** A payment with details that are sealed as one byte pattern would be under a key. */
  private static Request sealed(DetailsKeyName key, int pattern, TransferDraft... drafts) {
    List<Transfer> transfers = new ArrayList<>();
    for (TransferDraft draft : drafts) {
      transfers.add(draft.build());
    }
    int count = transfers.size();
    byte[] plain = Request.ofTransfers(transfers).bytes();
    int each = SealedDetails.HEAD_BYTES + 3;
    byte[] bytes = new byte[plain.length + count * (2 + each)];
    System.arraycopy(plain, 0, bytes, 0, plain.length);
    MemorySegment to = MemorySegment.ofArray(bytes);
    to.set(ValueLayout.JAVA_SHORT_UNALIGNED, 6, Request.FLAG_SEALED_DETAILS);
    to.set(ValueLayout.JAVA_INT_UNALIGNED, 12, count * each);
    for (int i = 0; i < count; i++) {
      to.set(ValueLayout.JAVA_SHORT_UNALIGNED, plain.length + 2L * i, (short) each);
      long at = plain.length + 2L * count + (long) i * each;
      to.asSlice(at, each).fill((byte) pattern);
      key.write(to, at);
    }
    return Request.ofSealed(bytes);
  }

  private static TransferStatus submit(Bank bank, Request request) {
    return bank.submit(request).getFirst().transferStatus(0);
  }

  private static void destroy(Bank bank, int period) {
    bank.submit(Request.destroyDetails(new DetailsPeriod(period)));
  }

  @Test
  void under_one_key_a_repetition_exists_and_other_details_are_told() {
    for (int weight : new int[] {0, 1}) { // in memory, and forgotten
      try (Bank bank = bank(weight)) {
        assertThat(submit(bank, sealed(MARCH, 7, pay(1, 1, 2, 5))))
            .isEqualTo(TransferStatus.CREATED);
        assertThat(submit(bank, sealed(MARCH, 7, pay(1, 1, 2, 5))))
            .isEqualTo(TransferStatus.EXISTS);
        assertThat(submit(bank, sealed(MARCH, 8, pay(1, 1, 2, 5))))
            .isEqualTo(TransferStatus.EXISTS_WITH_DIFFERENT_DETAILS);
        assertThat(bank.pay(pay(1, 1, 2, 5)))
            .containsExactly(TransferStatus.EXISTS_WITH_DIFFERENT_DETAILS);
        assertThat(bank.pay(pay(2, 1, 2, 5))).containsExactly(TransferStatus.CREATED);
        assertThat(submit(bank, sealed(MARCH, 7, pay(2, 1, 2, 5))))
            .isEqualTo(TransferStatus.EXISTS_WITH_DIFFERENT_DETAILS);
      }
    }
  }

  @Test
  void what_cannot_be_compared_never_makes_a_repetition_look_like_another_payment() {
    for (int weight : new int[] {0, 1}) {
      try (Bank bank = bank(weight)) {
        submit(bank, sealed(MARCH, 7, pay(1, 1, 2, 5)));
        assertThat(submit(bank, sealed(APRIL, 9, pay(1, 1, 2, 5))))
            .isEqualTo(TransferStatus.EXISTS);
        assertThat(bank.pay(pay(1, 1, 2, 5).details((byte) 1, (byte) 2)))
            .containsExactly(TransferStatus.EXISTS);
        bank.pay(pay(2, 1, 2, 5).details((byte) 1, (byte) 2));
        assertThat(submit(bank, sealed(MARCH, 7, pay(2, 1, 2, 5))))
            .isEqualTo(TransferStatus.EXISTS);
      }
    }
  }

  @Test
  void destruction_changes_no_answer_so_that_replay_without_the_key_gives_the_same() {
    try (Bank bank = bank(0)) {
      submit(bank, sealed(MARCH, 7, pay(1, 1, 2, 5)));
      destroy(bank, 2026);
      assertThat(submit(bank, sealed(MARCH, 7, pay(1, 1, 2, 5)))).isEqualTo(TransferStatus.EXISTS);
      assertThat(submit(bank, sealed(APRIL, 7, pay(1, 1, 2, 5)))).isEqualTo(TransferStatus.EXISTS);
      try (Bank again = new Bank(~42)) {
        bank.batches.forEach(again::replay);
        assertThat(again.ledger.digest()).isEqualTo(bank.ledger.digest());
        assertThat(again.ledger.detailsKeys()).isEqualTo(bank.ledger.detailsKeys());
      }
    }
  }

  @Test
  void keys_are_known_from_their_first_use_counted_and_destroyed_by_period() {
    try (Bank bank = bank(0)) {
      submit(bank, sealed(MARCH, 7, pay(1, 1, 2, 5), pay(2, 1, 2, 5)));
      submit(bank, sealed(MARCH, 7, pay(1, 1, 2, 5), pay(3, 1, 2, 5)));
      submit(bank, sealed(APRIL, 7, pay(4, 1, 2, 5).debit(99))); // refused, but journalled
      destroy(bank, 202603);
      long at = bank.ledger.lastTimestamp();
      destroy(bank, 2026);
      destroy(bank, 2026);

      assertThat(bank.ledger.detailsKeys())
          .containsExactly(
              new DetailsKeyState(MARCH, 2, 3, 3, 5, at),
              new DetailsKeyState(APRIL, 4, 4, 0, 6, bank.ledger.lastTimestamp()));
    }
  }

  @Test
  void a_chain_that_fails_counts_no_details_of_it() {
    try (Bank bank = bank(0)) {
      submit(bank, sealed(MARCH, 7, pay(1, 1, 2, 5).linked(), pay(2, 1, 2, 5).debit(99)));
      assertThat(bank.ledger.detailsKeys())
          .containsExactly(new DetailsKeyState(MARCH, 2, 2, 0, 0, 0));
    }
  }

  @Test
  void a_kept_state_has_all_keys_and_goes_on_with_them() {
    try (Bank bank = new Bank(3, 1, 0)) {
      bank.open(account(1), account(2));
      for (int i = 0; i < 150; i++) { // more than a page
        submit(bank, sealed(key(202601 + i % 12, i), 7, pay(100 + i, 1, 2, 5)));
      }
      destroy(bank, 202601);
      FrozenState state = bank.ledger.freeze();
      try (Bank heir = bank.heir(8)) {
        List<byte[]> pages = new ArrayList<>();
        submit(bank, sealed(key(202602, 999), 7, pay(1, 1, 2, 5))); // not in the state
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment page = arena.allocate(FrozenState.PAGE_BYTES);
          for (int i = 0; i < state.header().pages(); i++) {
            state.copy(i, page);
            pages.add(page.toArray(ValueLayout.JAVA_BYTE));
          }
        }
        bank.ledger.thaw();
        Iterator<byte[]> next = pages.iterator();
        heir.ledger.restore(
            state.header(),
            to -> MemorySegment.copy(MemorySegment.ofArray(next.next()), 0, to, 0, 4096));
        assertThat(heir.ledger.detailsKeys()).hasSize(150);
        assertThat(heir.ledger.detailsKeys().stream().filter(DetailsKeyState::destroyed))
            .hasSize(13);
        heir.apply(bank.batches.getLast());
        assertThat(heir.ledger.digest()).isEqualTo(bank.ledger.digest());
      }
    }
  }

  @Test
  void no_client_sends_sealed_details_or_a_destruction() {
    byte[] sealed = sealed(MARCH, 7, pay(1, 1, 2, 5)).bytes();
    byte[] destruction = Request.destroyDetails(MARCH.period()).bytes();
    assertMalformed(() -> Request.parse(sealed));
    assertMalformed(() -> Request.parseOfNode(sealed));
    assertMalformed(() -> Request.parse(destruction));
    assertThat(Request.parseOfNode(destruction).kind()).isEqualTo(RequestKind.DESTROY_DETAILS);
    byte[] short28 = sealed(MARCH, 7, pay(1, 1, 2, 5)).bytes();
    MemorySegment.ofArray(short28)
        .set(ValueLayout.JAVA_SHORT_UNALIGNED, 16 + 128, (short) SealedDetails.HEAD_BYTES);
    assertMalformed(() -> Request.ofSealed(short28));
  }

  private static void assertMalformed(Supplier<Request> parse) {
    assertThatThrownBy(parse::get)
        .isInstanceOf(HoldfastException.class)
        .extracting(e -> ((HoldfastException) e).code())
        .isEqualTo("malformed-request");
  }

  @Test
  void a_destruction_with_company_breaks_an_invariant() {
    try (Bank bank = bank(0)) {
      Request destruction = Request.destroyDetails(MARCH.period());
      byte[] two = Bank.batch(bank.stamp, destruction, destruction);
      assertThatThrownBy(() -> bank.apply(two)).isInstanceOf(Invariants.Broken.class);
    }
  }

  @Test
  void the_largest_request_leaves_room_for_the_seals_of_its_details() {
    int room = Limits.REQUEST_BYTES_MAX - Request.HEADER_BYTES;
    int each = Request.EVENT_BYTES + 2 + SealedDetails.HEAD_BYTES + Limits.DETAILS_BYTES_MAX;
    int most = room / each;
    List<Transfer> transfers = new ArrayList<>();
    List<byte[]> details = new ArrayList<>();
    for (int i = 1; i <= most; i++) {
      transfers.add(Transfer.payment(UInt128.of(i), UInt128.of(1), UInt128.of(2), 1, 1, 1));
      details.add(new byte[Limits.DETAILS_BYTES_MAX]);
    }
    assertThat(Request.ofTransfers(transfers, details).sealedBytes())
        .isLessThanOrEqualTo(Limits.REQUEST_BYTES_MAX);
    transfers.add(Transfer.payment(UInt128.of(9_999), UInt128.of(1), UInt128.of(2), 1, 1, 1));
    details.add(new byte[room - most * each - Request.EVENT_BYTES - 2]);
    assertThatThrownBy(() -> Request.ofTransfers(transfers, details))
        .isInstanceOf(HoldfastException.class)
        .hasMessageContaining("with 28 more for each transfer with details");
  }

  @Test
  void periods_read_as_they_are_written_and_contain_each_other() {
    for (String text : List.of("2026", "2026-03", "2026-03-14")) {
      assertThat(DetailsPeriod.parse(text).label()).isEqualTo(text);
    }
    for (String text :
        List.of("", "26", "2026-13", "2026-3", "2026-03-32", "1969", "2026-03-14-1")) {
      assertThatThrownBy(() -> DetailsPeriod.parse(text)).hasMessageContaining(text);
    }
    DetailsPeriod march = DetailsPeriod.parse("2026-03");
    assertThat(march.contains(DetailsPeriod.parse("2026-03-14"))).isTrue();
    assertThat(march.contains(DetailsPeriod.parse("2026-04-14"))).isFalse();
    assertThat(march.contains(DetailsPeriod.parse("2026"))).isFalse();
    assertThat(DetailsPeriod.parse("2026").contains(march)).isTrue();
    assertThat(DetailsPeriod.parse("2026").contains(DetailsPeriod.parse("2026-03-14"))).isTrue();
  }
}
