package io.holdfast.ledger;

import static io.holdfast.ledger.AccountDraft.account;
import static io.holdfast.ledger.TransferDraft.pay;
import static io.holdfast.ledger.TransferDraft.reserve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.holdfast.kernel.Invariants;
import io.holdfast.kernel.Limits;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BatchTest {
  private static final int SECOND_REQUEST = Batch.HEADER_BYTES + 24 + 16 + 128;

  static Stream<Arguments> wrong() {
    return Stream.of(
        arguments("batch has its header", cut(31)),
        arguments("batch begins with its magic", put(0, 1)),
        arguments("batch version is known", put(4, 2 | 1 << 16)),
        arguments("rules version of the batch is known: expected 1, found 2", put(4, 1 | 2 << 16)),
        arguments("stamp of the batch is a time", put(12, Integer.MIN_VALUE)),
        arguments("batch has a request", put(16, 0)),
        arguments("batch ends with its last request: expected 368, found 200", put(16, 1)),
        arguments("request lies within its batch", put(16, 3)),
        arguments("batch has as many events as it says: expected 3, found 2", put(20, 3)),
        arguments("batch is within its events: expected 8189, found 8190", put(20, 8190)),
        arguments("batch is within its events: expected 8189, found -1", put(20, -1)),
        arguments("request lies within its batch", put(Batch.HEADER_BYTES + 16, -1)),
        arguments("request lies within its batch", put(Batch.HEADER_BYTES + 16, 15)),
        arguments("request lies within its batch", cut(367)),
        arguments(
            "request in a batch is well formed: the request's magic is 7; allowed: the four bytes"
                + " HFRQ",
            put(SECOND_REQUEST + 24, 7)),
        arguments(
            "request in a batch is well formed: the request's event count is 0; allowed: 1 to 8189",
            put(SECOND_REQUEST + 24 + 8, 0)),
        arguments("a pulse is alone in its batch", put(SECOND_REQUEST + 24 + 4, 0x0301)));
  }

  private static UnaryOperator<byte[]> cut(int length) {
    return batch -> Arrays.copyOf(batch, length);
  }

  private static UnaryOperator<byte[]> put(int at, int value) {
    return batch -> {
      ByteBuffer.wrap(batch).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
      return batch;
    };
  }

  @ParameterizedTest(name = "{index}: {0}")
  @MethodSource("wrong")
  void a_wrong_batch_breaks_an_invariant_before_anything_is_changed(
      String message, UnaryOperator<byte[]> damage) {
    try (Bank bank = new Bank()) {
      bank.open(account(1), account(2));
      byte[] before = bank.ledger.digest();
      byte[] batch =
          damage.apply(
              Bank.batch(bank.stamp, Bank.request(pay(1, 1, 2, 1)), Bank.request(pay(2, 1, 2, 1))));
      assertThatThrownBy(() -> bank.replay(batch))
          .isInstanceOf(Invariants.Broken.class)
          .hasMessage("invariant broken: " + message);
      assertThat(bank.ledger.digest()).isEqualTo(before);
    }
  }

  @Test
  void results_must_have_room() {
    try (Bank bank = new Bank()) {
      byte[] batch = Bank.batch(1, Request.ofAccounts(List.of(account(1).build())));
      MemorySegment results = MemorySegment.ofArray(new byte[15]);
      assertThatThrownBy(
              () -> bank.ledger.apply(MemorySegment.ofArray(batch), batch.length, results))
          .hasMessage("invariant broken: results have room for each event");
    }
  }

  @Test
  void every_event_gets_a_timestamp_of_its_own_up_to_the_stamp() {
    try (Bank bank = new Bank()) {
      bank.open(account(1), account(2));
      bank.stamp += 100;
      List<Reply> replies =
          bank.submit(
              Bank.request(pay(1, 1, 2, 1), pay(2, 1, 1, 1)), Bank.request(pay(3, 1, 2, 1)));
      assertThat(replies.get(0).timestamp(0)).isEqualTo(bank.stamp - 2);
      assertThat(replies.get(1).timestamp(0)).isEqualTo(bank.stamp);
      assertThat(bank.ledger.lastTimestamp()).isEqualTo(bank.stamp);
    }
  }

  @Test
  void time_goes_on_when_the_clock_stands_still_or_goes_back() {
    try (Bank bank = new Bank()) {
      bank.open(account(1), account(2));
      long last = bank.ledger.lastTimestamp();
      bank.stamp = 0;
      Reply reply = bank.reply(pay(1, 1, 2, 1), pay(2, 1, 2, 1));
      assertThat(reply.timestamp(0)).isEqualTo(last + 1);
      assertThat(reply.timestamp(1)).isEqualTo(last + 2);
      bank.pulse();
      assertThat(bank.ledger.lastTimestamp()).isEqualTo(last + 2);
      assertThat(bank.ledger.op()).isEqualTo(3);
    }
  }

  @Test
  void a_pulse_releases_in_order_of_expiry_and_at_most_a_batch_full() {
    try (Bank bank = new Bank()) {
      bank.open(account(1), account(2));
      int extra = 11;
      for (int i = 1; i <= Limits.BATCH_EVENTS_MAX + extra; i++) {
        bank.pay(reserve(i, 1, 2, 1).timeout(i % 2 == 0 ? 1 : 2));
      }
      bank.stamp += 3 * Bank.SECOND;
      bank.pulse();
      assertThat(bank.ledger.lastTimestamp()).isEqualTo(bank.stamp);
      assertThat(bank.balances(1)).isEqualTo(extra + " 0 0 0");
      List<Balance> newest =
          bank.ledger.queries().balancesOf(account(1).id, HistoryFilter.newest(2)).rows();
      assertThat(newest.get(0).expiry()).isTrue();
      assertThat(newest.get(0).timestamp()).isEqualTo(bank.stamp);
      assertThat(newest.get(1).timestamp()).isEqualTo(bank.stamp - 1);
      assertThat(newest.get(0).transferId().lo() % 2).as("the odd ones expire last").isOne();
      bank.pulse();
      assertThat(bank.ledger.lastTimestamp()).isEqualTo(bank.stamp + extra);
      assertThat(bank.balances(1)).isEqualTo("0 0 0 0");
      assertThat(bank.ledger.nextExpiryNanos()).isEqualTo(Long.MAX_VALUE);
    }
  }

  @Test
  void a_full_batch_of_many_requests_is_judged_in_order() {
    try (Bank bank = new Bank()) {
      bank.open(account(1), account(2));
      List<Request> requests = new ArrayList<>();
      for (int i = 1; i <= Limits.BATCH_EVENTS_MAX; i++) {
        requests.add(Bank.request(pay(i, 1, 2, 1)));
      }
      List<Reply> replies = bank.submit(requests.toArray(Request[]::new));
      assertThat(replies).hasSize(Limits.BATCH_EVENTS_MAX);
      assertThat(replies.getLast().transferStatus(0)).isEqualTo(TransferStatus.CREATED);
      assertThat(replies.getLast().timestamp(0)).isEqualTo(bank.ledger.lastTimestamp());
      assertThat(bank.balances(1)).isEqualTo("0 8189 0 0");
    }
  }
}
