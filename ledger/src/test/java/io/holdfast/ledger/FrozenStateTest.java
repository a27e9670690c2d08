package io.holdfast.ledger;

import static io.holdfast.ledger.AccountDraft.account;
import static io.holdfast.ledger.TransferDraft.pay;
import static io.holdfast.ledger.TransferDraft.reserve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.Invariants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** A state that is read while the ledger goes on, and a ledger that goes on from it. */
class FrozenStateTest {
  /** Copies all pages on a thread of its own, in pieces that the test allows. */
  private static final class Copier implements Runnable {
    private final FrozenState state;
    private final Thread thread = new Thread(this);
    final List<byte[]> pages = new ArrayList<>();

    Copier(FrozenState state) {
      this.state = state;
    }

    void start() {
      thread.start();
    }

    void join() throws InterruptedException {
      thread.join();
    }

    @Override
    public void run() {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment page = arena.allocate(FrozenState.PAGE_BYTES);
        for (int i = 0; i < state.header().pages(); i++) {
          state.copy(i, page);
          pages.add(page.toArray(ValueLayout.JAVA_BYTE));
        }
      }
    }
  }

  private static PageReader reader(List<byte[]> pages) {
    Iterator<byte[]> next = pages.iterator();
    return to -> MemorySegment.copy(MemorySegment.ofArray(next.next()), 0, to, 0, 4096);
  }

  private static byte[] randomBatch(RandomRequests requests, Bank bank) {
    bank.stamp += requests.chance(30) ? requests.below(3) * Bank.SECOND : requests.below(50);
    if (requests.chance(15)) {
      return Bank.batch(bank.stamp, Request.pulse());
    }
    List<Request> encoded = new ArrayList<>();
    for (int r = 1 + requests.below(3); r > 0; r--) {
      encoded.add(ModelTest.encode(requests.next(bank.ledger.lastTimestamp())));
    }
    return Bank.batch(bank.stamp, encoded.toArray(Request[]::new));
  }

  @Property(tries = 80, shrinking = ShrinkingMode.OFF)
  void a_ledger_goes_on_from_a_state_as_the_one_it_was_taken_from(@ForAll long seed)
      throws InterruptedException {
    RandomRequests requests = new RandomRequests(seed);
    try (Bank bank = new Bank(seed, 1, 0)) {
      int frozenAfter = requests.below(40);
      for (int i = 0; i < frozenAfter; i++) {
        bank.apply(randomBatch(requests, bank));
      }
      FrozenState state = bank.ledger.freeze();
      byte[] digestThen = bank.ledger.digest();
      Copier copier = new Copier(state);
      try (Bank heir = bank.heir(~seed)) {
        copier.start();
        List<byte[]> more = new ArrayList<>();
        List<byte[]> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          byte[] batch = randomBatch(requests, bank);
          more.add(batch);
          answers.add(bank.apply(batch));
        }
        copier.join();
        bank.ledger.thaw();
        heir.ledger.restore(state.header(), reader(copier.pages));
        assertThat(heir.ledger.digest()).as("seed %d", seed).isEqualTo(digestThen);
        for (int i = 0; i < more.size(); i++) {
          assertThat(heir.apply(more.get(i))).as("seed %d, %d", seed, i).isEqualTo(answers.get(i));
        }
        assertThat(heir.ledger.digest()).as("seed %d", seed).isEqualTo(bank.ledger.digest());
        assertThat(heir.ledger.nextExpiryNanos()).isEqualTo(bank.ledger.nextExpiryNanos());
      }
    }
  }

  @Example
  void many_pages_are_read_as_they_were_while_all_of_them_change() throws InterruptedException {
    int accounts = 4_000;
    try (Bank bank = new Bank(3, 1, 0)) {
      List<AccountDraft> drafts = new ArrayList<>();
      for (int i = 1; i <= accounts; i++) {
        drafts.add(account(i));
      }
      bank.open(drafts.toArray(AccountDraft[]::new));
      long id = 1;
      for (int round = 0; round < 6; round++) {
        byte[] before = bank.ledger.digest();
        FrozenState state = bank.ledger.freeze();
        Copier copier = new Copier(state);
        try (Bank heir = bank.heir(round)) {
          copier.start();
          for (int i = 0; i < 20; i++) {
            List<TransferDraft> payments = new ArrayList<>();
            for (int k = 0; k < accounts / 2; k++) {
              int debit = 1 + (k * 7919 + i) % accounts;
              int credit = 1 + debit % accounts;
              payments.add(
                  k % 5 == 0 ? reserve(id++, debit, credit, 3) : pay(id++, debit, credit, 1));
            }
            bank.pay(payments.toArray(TransferDraft[]::new));
          }
          copier.join();
          bank.ledger.thaw();
          heir.ledger.restore(state.header(), reader(copier.pages));
          assertThat(heir.ledger.digest()).isEqualTo(before);
        }
      }
    }
  }

  @Example
  void a_state_that_is_not_what_it_says_is_refused() {
    try (Bank bank = new Bank(3, 1, 0)) {
      bank.open(account(1), account(2));
      bank.pay(reserve(10, 1, 2, 5));
      FrozenState state = bank.ledger.freeze();
      Copier copier = new Copier(state);
      copier.run();
      copier.pages.getFirst()[AccountRecord.DEBITS_PENDING] ^= 1;
      try (Bank heir = bank.heir(1)) {
        assertThatThrownBy(() -> heir.ledger.restore(state.header(), reader(copier.pages)))
            .isInstanceOf(Invariants.Broken.class)
            .hasMessageContaining("money conserved");
      }
      copier.pages.getFirst()[AccountRecord.DEBITS_PENDING] ^= 1;
      copier.pages.getLast()[152] = 0; // the reservation is no longer open
      try (Bank heir = bank.heir(1)) {
        assertThatThrownBy(() -> heir.ledger.restore(state.header(), reader(copier.pages)))
            .isInstanceOf(Invariants.Broken.class)
            .hasMessageContaining("what its header says");
      }
    }
  }
}
