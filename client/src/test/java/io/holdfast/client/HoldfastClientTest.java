package io.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.FakeGateway.Reaction;
import io.holdfast.client.FakeGateway.Received;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Records128;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.ledger.TransferRecord;
import io.holdfast.ledger.TransferStatus;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HoldfastClientTest {
  private final FakeLedger ledger = new FakeLedger();

  static Transfer payment(long id) {
    return payment(id, 0);
  }

  static Transfer payment(long id, int flags) {
    UInt128 zero = UInt128.ZERO;
    UInt128 one = UInt128.of(1);
    return new Transfer(
        UInt128.of(id), one, UInt128.of(2), one, zero, zero, 0, 0, 0, 1, 1, flags, 0);
  }

  private FakeGateway hanging() throws Exception {
    return new FakeGateway(received -> new Reaction.Hang(ledger::judge));
  }

  /** A client of one gateway that sends one request at a time and never hedges. */
  private static HoldfastClient oneAtATime(FakeGateway gateway) {
    return HoldfastClient.builder()
        .gateways(List.of(gateway.address()))
        .attemptTimeout(Duration.ofSeconds(2))
        .requestsInFlight(1)
        .waitingEventsMax(100_000)
        .build();
  }

  private static List<Outcome> all(List<CompletableFuture<Outcome>> futures) {
    return futures.stream().map(CompletableFuture::join).toList();
  }

  @Test
  void a_payment_is_answered_and_its_repetition_exists() throws Exception {
    try (FakeGateway gateway = new FakeGateway(ledger::judge);
        HoldfastClient client = HoldfastClient.connect(gateway.address().toString())) {
      assertThat(client.transfer(payment(7)).get()).isEqualTo(new Outcome.Answered(false, 1, 1));
      assertThat(client.transfer(payment(7)).get()).isEqualTo(new Outcome.Answered(true, 1, 2));
    }
  }

  @Test
  void accounts_go_to_their_own_path() throws Exception {
    try (FakeGateway gateway = new FakeGateway(ledger::judge);
        HoldfastClient client = HoldfastClient.connect(gateway.address().toString())) {
      CompletableFuture<Outcome> account = client.account(Account.opening(UInt128.of(1), 1, 1, 0));
      CompletableFuture<Outcome> transfer = client.transfer(payment(2));
      assertThat(account.get()).isInstanceOf(Outcome.Answered.class);
      assertThat(transfer.get()).isInstanceOf(Outcome.Answered.class);
      for (Received received : gateway.received()) {
        Request request = Request.parse(received.body());
        assertThat(received.path()).isEqualTo(Replies.path(request.kind()));
        assertThat(received.headers())
            .containsEntry("content-type", "application/vnd.holdfast.batch")
            .containsKey("holdfast-timeout-millis");
      }
    }
  }

  @Test
  void a_refusal_carries_the_status_and_the_one_that_the_id_failed_with_first() throws Exception {
    byte[] results = new byte[Reply.RESULT_BYTES];
    MemorySegment to = MemorySegment.ofArray(results);
    to.set(ValueLayout.JAVA_INT_UNALIGNED, Reply.STATUS, TransferStatus.ID_ALREADY_FAILED.code());
    to.set(ValueLayout.JAVA_INT_UNALIGNED, Reply.RESERVED, TransferStatus.EXCEEDS_CREDITS.code());
    byte[] reply = new Reply(9, results).encode();
    try (FakeGateway gateway = new FakeGateway(r -> FakeGateway.binary(reply, Map.of()));
        HoldfastClient client = HoldfastClient.connect(gateway.address().toString())) {
      Outcome outcome = client.transfer(payment(7)).get();
      assertThat(outcome)
          .isEqualTo(new Outcome.Refused("id_already_failed", "exceeds_credits", 9, "", ""));
    }
  }

  @Test
  void what_waits_is_collected_into_one_request() throws Exception {
    try (FakeGateway gateway = hanging();
        HoldfastClient client = oneAtATime(gateway)) {
      List<CompletableFuture<Outcome>> all = new ArrayList<>();
      all.add(client.transfer(payment(1)));
      Eventually.check(() -> gateway.received().size() == 1);
      for (int i = 2; i <= 10_000; i++) {
        all.add(client.transfer(payment(i)));
      }
      gateway.wake();
      assertThat(all(all)).allMatch(outcome -> outcome instanceof Outcome.Answered);
      assertThat(ledger.requestSizes()).containsExactly(1, 8_189, 1_810);
    }
  }

  @Test
  void a_chain_is_never_split() throws Exception {
    try (FakeGateway gateway = hanging();
        HoldfastClient client = oneAtATime(gateway)) {
      List<CompletableFuture<Outcome>> singles = new ArrayList<>();
      singles.add(client.transfer(payment(1)));
      Eventually.check(() -> gateway.received().size() == 1);
      for (int i = 2; i <= Limits.REQUEST_EVENTS_MAX; i++) {
        singles.add(client.transfer(payment(i)));
      }
      CompletableFuture<List<Outcome>> chain =
          client.chain(List.of(payment(90_001), payment(90_002), payment(90_003)));
      gateway.wake();
      assertThat(chain.get()).hasSize(3).allMatch(o -> o instanceof Outcome.Answered);
      assertThat(all(singles)).allMatch(outcome -> outcome instanceof Outcome.Answered);
      assertThat(ledger.requestSizes()).containsExactly(1, 8_188, 3);
      Received last = gateway.received().stream().reduce((a, b) -> b).orElseThrow();
      assertThat(flags(last)).containsExactly(TransferFlags.LINKED, TransferFlags.LINKED, 0);
    }
  }

  private static List<Integer> flags(Received received) {
    Request request = Request.parse(received.body());
    List<Integer> flags = new ArrayList<>();
    for (int i = 0; i < request.eventCount(); i++) {
      long at = Request.HEADER_BYTES + (long) i * Request.EVENT_BYTES;
      flags.add(TransferRecord.read(MemorySegment.ofArray(request.bytes()), at).flags());
    }
    return flags;
  }

  @Test
  void imported_transfers_are_not_mixed_with_others() throws Exception {
    try (FakeGateway gateway = hanging();
        HoldfastClient client = oneAtATime(gateway)) {
      List<CompletableFuture<Outcome>> all = new ArrayList<>();
      all.add(client.transfer(payment(1)));
      Eventually.check(() -> gateway.received().size() == 1);
      all.add(client.transfer(payment(2)));
      all.add(client.transfer(payment(3, TransferFlags.IMPORTED)));
      all.add(client.transfer(payment(4, TransferFlags.IMPORTED)));
      all.add(client.transfer(payment(5)));
      gateway.wake();
      assertThat(all(all)).allMatch(outcome -> outcome instanceof Outcome.Answered);
      assertThat(ledger.requestSizes()).containsExactly(1, 1, 2, 1);
    }
  }

  @Test
  void details_travel_with_their_transfers_within_the_bytes_of_a_request() throws Exception {
    try (FakeGateway gateway = hanging();
        HoldfastClient client = oneAtATime(gateway)) {
      List<CompletableFuture<Outcome>> all = new ArrayList<>();
      all.add(client.transfer(payment(1), new byte[] {1, 2, 3}));
      Eventually.check(() -> gateway.received().size() == 1);
      for (int i = 2; i <= 1_000; i++) {
        all.add(client.transfer(payment(i), new byte[i % 7 == 0 ? 0 : 4_096]));
      }
      gateway.wake();
      assertThat(all(all)).allMatch(outcome -> outcome instanceof Outcome.Answered);
      assertThat(ledger.requestSizes().size()).isBetween(3, 4);
      byte[] first = gateway.received().element().body();
      assertThat(first).hasSize(16 + 128 + 2 + 3).endsWith(3, 0, 1, 2, 3);
    }
  }

  @Test
  void requests_are_pipelined_up_to_the_bound() throws Exception {
    try (FakeGateway gateway = hanging();
        HoldfastClient client =
            HoldfastClient.builder()
                .gateways(List.of(gateway.address()))
                .attemptTimeout(Duration.ofSeconds(2))
                .build()) {
      List<CompletableFuture<Outcome>> all = new ArrayList<>();
      for (int i = 1; i <= 4; i++) {
        int sent = i;
        all.add(client.transfer(payment(i)));
        Eventually.check(() -> gateway.received().size() == sent);
      }
      all.add(client.transfer(payment(5)));
      all.add(client.transfer(payment(6)));
      assertThat(gateway.received()).hasSize(4);
      gateway.wake();
      assertThat(all(all)).allMatch(outcome -> outcome instanceof Outcome.Answered);
      assertThat(ledger.requestSizes()).containsExactly(1, 1, 1, 1, 2);
    }
  }

  @Test
  void more_than_may_wait_is_pushed_back_and_never_sent() throws Exception {
    try (FakeGateway gateway = hanging();
        HoldfastClient client =
            HoldfastClient.builder()
                .gateways(List.of(gateway.address()))
                .attemptTimeout(Duration.ofSeconds(2))
                .requestsInFlight(1)
                .waitingEventsMax(Limits.REQUEST_EVENTS_MAX)
                .build()) {
      List<CompletableFuture<Outcome>> all = new ArrayList<>();
      all.add(client.transfer(payment(1)));
      Eventually.check(() -> gateway.received().size() == 1);
      for (int i = 2; i <= Limits.REQUEST_EVENTS_MAX + 1; i++) {
        all.add(client.transfer(payment(i)));
      }
      Outcome pushedBack = client.transfer(payment(1_000_000)).get();
      assertThat(pushedBack)
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> {
                assertThat(refused.code()).isEqualTo("overloaded");
                assertThat(refused.judged()).isFalse();
              });
      gateway.wake();
      assertThat(all(all)).allMatch(outcome -> outcome instanceof Outcome.Answered);
      assertThat(ledger.has(UInt128.of(1_000_000))).isFalse();
    }
  }

  @Test
  void what_the_encoding_cannot_carry_is_refused_and_not_sent() throws Exception {
    try (FakeGateway gateway = new FakeGateway(ledger::judge);
        HoldfastClient client = HoldfastClient.connect(gateway.address().toString())) {
      Transfer plain = payment(1);
      Transfer wideCode =
          new Transfer(
              plain.id(),
              plain.debitAccountId(),
              plain.creditAccountId(),
              plain.amount(),
              UInt128.ZERO,
              UInt128.ZERO,
              0,
              0,
              0,
              1,
              65_536,
              0,
              0);
      assertThat(
              List.of(
                  client.transfer(wideCode).get(),
                  client.transfer(payment(1, 65_536)).get(),
                  client.transfer(payment(1, TransferFlags.LINKED)).get(),
                  client.transfer(plain, new byte[4_097]).get(),
                  client.account(Account.opening(UInt128.of(1), 1, -1, 0)).get(),
                  client.chain(List.of()).get().getFirst(),
                  client.chain(List.of(plain, wideCode)).get().getLast()))
          .allSatisfy(
              outcome ->
                  assertThat(((Outcome.Refused) outcome).code()).isEqualTo("malformed-request"));
      assertThat(gateway.received()).isEmpty();
    }
  }

  @Test
  void a_request_put_together_by_the_caller_is_sent_as_it_is() throws Exception {
    try (FakeGateway gateway = new FakeGateway(ledger::judge);
        HoldfastClient client = HoldfastClient.connect(gateway.address().toString())) {
      Request request = Request.ofTransfers(List.of(payment(1), payment(2)));
      Reply reply = client.submit(request, Duration.ofSeconds(5)).get();
      assertThat(reply.count()).isEqualTo(2);
      assertThat(Outcomes.of(RequestKind.CREATE_TRANSFERS, reply))
          .containsExactly(new Outcome.Answered(false, 1, 1), new Outcome.Answered(false, 2, 1));
      assertThat(gateway.received().element().body()).isEqualTo(request.bytes());
      assertThat(Records128.read(MemorySegment.ofArray(request.bytes()), 16))
          .isEqualTo(UInt128.of(1));
    }
  }
}
