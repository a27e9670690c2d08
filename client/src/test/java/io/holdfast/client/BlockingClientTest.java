package io.holdfast.client;

import static io.holdfast.client.HoldfastClientTest.payment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.FakeGateway.Reaction;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.ledger.TransferStatus;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BlockingClientTest {
  private final FakeLedger ledger = new FakeLedger();

  @Test
  void a_long_list_is_cut_into_requests_between_chains() throws Exception {
    List<Transfer> transfers = new ArrayList<>();
    for (int i = 1; i <= 10_000; i++) {
      boolean inChain = i >= 8_180 && i < 8_200;
      transfers.add(payment(i, inChain ? TransferFlags.LINKED : 0));
    }
    try (FakeGateway gateway = new FakeGateway(ledger::judge);
        BlockingClient client = BlockingClient.connect(gateway.address().toString())) {
      assertThat(client.createTransfers(transfers))
          .hasSize(10_000)
          .allMatch(outcome -> outcome instanceof Outcome.Answered);
      assertThat(ledger.requestSizes()).containsExactly(8_179, 1_821);
      assertThat(client.createAccounts(List.of(Account.opening(UInt128.of(1), 1, 1, 0))))
          .hasSize(1);
      assertThat(client.createTransfers(List.of())).isEmpty();
    }
  }

  @Test
  void a_chain_longer_than_a_request_is_refused() {
    List<Transfer> chain = new ArrayList<>();
    for (int i = 0; i <= Limits.REQUEST_EVENTS_MAX; i++) {
      chain.add(payment(i, TransferFlags.LINKED));
    }
    assertThatThrownBy(() -> Parts.of(chain, Transfer::flags))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("malformed-request"));
  }

  @Test
  void a_refused_transfer_throws_its_status() throws Exception {
    byte[] results = new byte[Reply.RESULT_BYTES];
    MemorySegment.ofArray(results)
        .set(ValueLayout.JAVA_INT_UNALIGNED, Reply.STATUS, TransferStatus.EXCEEDS_CREDITS.code());
    try (FakeGateway gateway =
            new FakeGateway(r -> FakeGateway.binary(new Reply(3, results).encode(), Map.of()));
        BlockingClient client = BlockingClient.connect(gateway.address().toString())) {
      assertThatThrownBy(() -> client.transfer(payment(1)))
          .isInstanceOfSatisfying(
              HoldfastException.class, e -> assertThat(e.code()).isEqualTo("exceeds_credits"));
    }
  }

  @Test
  void no_answer_throws_that_the_outcome_is_unknown() throws Exception {
    try (FakeGateway gateway = new FakeGateway(received -> new Reaction.Hang(ledger::judge));
        BlockingClient client =
            new BlockingClient(
                HoldfastClient.builder()
                    .gateways(List.of(gateway.address()))
                    .deadline(Duration.ofSeconds(1))
                    .build())) {
      assertThatThrownBy(() -> client.transfer(payment(1)))
          .isInstanceOfSatisfying(
              HoldfastException.class,
              e -> {
                assertThat(e.code()).isEqualTo("outcome-unknown");
                assertThat(e.hint()).isEqualTo("repeat with the same ids");
              });
      assertThatThrownBy(() -> client.createTransfers(List.of(payment(1))))
          .isInstanceOfSatisfying(
              HoldfastException.class, e -> assertThat(e.code()).isEqualTo("outcome-unknown"));
    }
  }

  @Test
  void when_too_much_waits_a_call_waits_for_room() throws Exception {
    try (FakeGateway gateway = new FakeGateway(received -> new Reaction.Hang(ledger::judge));
        HoldfastClient client =
            HoldfastClient.builder()
                .gateways(List.of(gateway.address()))
                .attemptTimeout(Duration.ofSeconds(2))
                .requestsInFlight(1)
                .waitingEventsMax(Limits.REQUEST_EVENTS_MAX)
                .build()) {
      assertThat(client.transfer(payment(1))).isNotNull();
      Eventually.check(() -> gateway.received().size() == 1);
      for (int i = 2; i <= Limits.REQUEST_EVENTS_MAX + 1; i++) {
        assertThat(client.transfer(payment(i))).isNotNull();
      }
      List<Outcome.Answered> answered = new ArrayList<>();
      BlockingClient blocking = new BlockingClient(client);
      Thread caller =
          Thread.ofPlatform().start(() -> answered.add(blocking.transfer(payment(99_999))));
      Eventually.check(() -> caller.getState() == Thread.State.TIMED_WAITING);
      gateway.wake();
      caller.join();
      assertThat(answered).hasSize(1);
      assertThat(ledger.count()).isEqualTo(Limits.REQUEST_EVENTS_MAX + 2);
    }
  }
}
