package io.holdfast.client;

import static io.holdfast.client.HoldfastClientTest.payment;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.FakeGateway.Reaction;
import io.holdfast.client.FakeGateway.Received;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What happens when gateways fail, hang, or say no. */
class MovingOnTest {
  private final FakeLedger ledger = new FakeLedger();

  private static HoldfastClientBuilder builder(FakeGateway... gateways) {
    return HoldfastClient.builder()
        .gateways(List.of(gateways).stream().map(FakeGateway::address).toList())
        .attemptTimeout(Duration.ofMillis(100));
  }

  static List<Function<Received, Reaction>> whatIsNoAnswer() {
    return List.of(
        received -> new Reaction.Reset(),
        received -> new Reaction.Garbage(),
        received -> FakeGateway.problem(503, "no-leader"),
        received -> FakeGateway.problem(503, "unavailable"),
        received -> FakeGateway.problem(429, "overloaded"),
        received -> FakeGateway.problem(504, "outcome-unknown"),
        received -> FakeGateway.problem(500, "internal"),
        received -> FakeGateway.json(404, "<html>another server</html>"),
        received -> FakeGateway.json(200, "{}"),
        received -> FakeGateway.binary(new byte[3], Map.of()),
        received -> FakeGateway.binary(new Reply(1, new byte[32]).encode(), Map.of()),
        received -> FakeGateway.binary(new Reply(1, new byte[16]).encode(), Map.of()),
        received -> new Reaction.Hang(later -> new Reaction.Reset()));
  }

  @ParameterizedTest
  @MethodSource("whatIsNoAnswer")
  void a_request_without_an_answer_moves_to_another_gateway_with_the_same_bytes(
      Function<Received, Reaction> bad) throws Exception {
    try (FakeGateway first = new FakeGateway(bad).leads(true);
        FakeGateway second = new FakeGateway(ledger::judge);
        HoldfastClient client = builder(first, second).build()) {
      // Whichever gateway is asked first, in the end the leader's is, and fails.
      List<Outcome> outcomes = new ArrayList<>();
      for (int id = 1; first.received().isEmpty(); id++) {
        outcomes.add(client.transfer(payment(id)).get());
      }
      assertThat(outcomes).allMatch(outcome -> outcome instanceof Outcome.Answered);
      byte[] bytes = first.received().element().body();
      assertThat(second.received()).anyMatch(r -> Arrays.equals(r.body(), bytes));
    }
  }

  @Test
  void an_address_where_nobody_listens_is_passed_over() throws Exception {
    try (FakeGateway alive = new FakeGateway(ledger::judge);
        HoldfastClient client =
            HoldfastClient.builder().gateways(List.of(nobody(), alive.address())).build()) {
      for (int id = 1; id <= 20; id++) {
        assertThat(client.transfer(payment(id)).get()).isInstanceOf(Outcome.Answered.class);
      }
    }
  }

  private static URI nobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
  }

  @Test
  void a_site_that_elects_a_leader_is_asked_again_until_it_has_one() throws Exception {
    try (FakeGateway one = new FakeGateway(received -> FakeGateway.problem(503, "no-leader"));
        FakeGateway two = new FakeGateway(received -> FakeGateway.problem(503, "no-leader"));
        HoldfastClient client = builder(one, two).build()) {
      CompletableFuture<Outcome> outcome = client.transfer(payment(1));
      Eventually.check(() -> one.received().size() >= 2 && two.received().size() >= 2);
      assertThat(outcome).isNotDone();
      two.react(ledger::judge);
      assertThat(outcome.get()).isEqualTo(new Outcome.Answered(false, 1, 1));
    }
  }

  @Test
  void the_first_answer_wins_when_a_hung_gateway_wakes_before_the_other() throws Exception {
    Function<Received, Reaction> hang = received -> new Reaction.Hang(ledger::judge);
    try (FakeGateway one = new FakeGateway(hang);
        FakeGateway two = new FakeGateway(hang);
        HoldfastClient client = builder(one, two).attemptTimeout(Duration.ofMillis(500)).build()) {
      CompletableFuture<Outcome> outcome = client.transfer(payment(1));
      Eventually.check(() -> one.received().size() == 1 && two.received().size() == 1);
      assertThat(outcome).isNotDone();
      one.wake();
      assertThat(outcome.get()).isEqualTo(new Outcome.Answered(false, 1, 1));
    }
  }

  @Test
  void an_answer_lost_on_the_way_is_found_again_as_existing() throws Exception {
    Function<Received, Reaction> doneThenLost =
        received -> {
          assertThat(ledger.judge(received)).isNotNull();
          return new Reaction.Reset();
        };
    try (FakeGateway one = new FakeGateway(doneThenLost);
        HoldfastClient client = builder(one).build()) {
      CompletableFuture<Outcome> outcome = client.transfer(payment(1));
      Eventually.check(() -> one.received().size() == 1);
      one.react(ledger::judge);
      assertThat(outcome.get())
          .isInstanceOfSatisfying(
              Outcome.Answered.class, answered -> assertThat(answered.existed()).isTrue());
      assertThat(ledger.count()).isEqualTo(1);
    }
  }

  @Test
  void without_an_answer_until_the_deadline_the_outcome_is_unknown() throws Exception {
    Function<Received, Reaction> hang = received -> new Reaction.Hang(ledger::judge);
    try (FakeGateway one = new FakeGateway(hang);
        FakeGateway two = new FakeGateway(hang);
        HoldfastClient client = builder(one, two).deadline(Duration.ofSeconds(1)).build()) {
      assertThat(client.transfer(payment(1)).get())
          .isInstanceOfSatisfying(
              Outcome.Unknown.class,
              unknown -> assertThat(unknown.detail()).contains("attempts").contains("http://"));
    }
  }

  @Test
  void what_was_certainly_not_taken_is_refused_with_the_reason_and_not_sent_later()
      throws Exception {
    Map<String, Function<Received, Reaction>> certain =
        Map.of(
            "no-leader", received -> FakeGateway.problem(503, "no-leader"),
            "overloaded", received -> FakeGateway.problem(429, "overloaded"));
    for (var reason : certain.entrySet()) {
      try (FakeGateway one = new FakeGateway(reason.getValue());
          HoldfastClient client =
              HoldfastClient.builder()
                  .gateways(List.of(one.address(), nobody()))
                  .deadline(Duration.ofSeconds(1))
                  .build()) {
        Outcome outcome = client.transfer(payment(1)).get();
        for (int again = 0; again < 5 && outcome instanceof Outcome.Unknown; again++) {
          outcome = client.transfer(payment(1)).get(); // an attempt was under way at the deadline
        }
        int attempts = one.received().size();
        assertThat(outcome)
            .isInstanceOfSatisfying(
                Outcome.Refused.class,
                refused -> {
                  assertThat(refused.code()).isEqualTo(reason.getKey());
                  assertThat(refused.judged()).isFalse();
                });
        one.react(ledger::judge);
        assertThat(client.transfer(payment(2)).get()).isInstanceOf(Outcome.Answered.class);
        assertThat(one.received()).hasSize(attempts + 1);
      }
    }
  }

  @Test
  void with_nobody_there_it_is_refused_as_unavailable() throws Exception {
    try (HoldfastClient client =
        HoldfastClient.builder()
            .gateways(List.of(nobody()))
            .deadline(Duration.ofMillis(300))
            .build()) {
      assertThat(client.transfer(payment(1)).get())
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> {
                assertThat(refused.code()).isEqualTo("unavailable");
                assertThat(refused.detail()).contains("no connection");
              });
    }
  }

  @Test
  void one_attempt_that_may_have_been_taken_makes_it_unknown() throws Exception {
    List<Boolean> reset = new ArrayList<>(List.of(true));
    try (FakeGateway one =
            new FakeGateway(
                received ->
                    !reset.isEmpty() && reset.removeFirst()
                        ? new Reaction.Reset()
                        : FakeGateway.problem(503, "no-leader"));
        HoldfastClient client = builder(one).deadline(Duration.ofSeconds(1)).build()) {
      assertThat(client.transfer(payment(1)).get()).isInstanceOf(Outcome.Unknown.class);
      assertThat(one.received().size()).isGreaterThan(1);
    }
  }

  @Test
  void a_request_that_is_wrong_in_itself_is_refused_at_once() throws Exception {
    try (FakeGateway one =
            new FakeGateway(received -> FakeGateway.problem(413, "request-too-large"));
        FakeGateway two =
            new FakeGateway(received -> FakeGateway.problem(413, "request-too-large"));
        HoldfastClient client = builder(one, two).build()) {
      assertThat(client.transfer(payment(1)).get())
          .isEqualTo(new Outcome.Refused("request-too-large", null, 0, "d", "h"));
      assertThat(one.received().size() + two.received().size()).isEqualTo(1);
    }
  }

  @Test
  void a_refusal_does_not_speak_for_an_attempt_that_may_have_been_taken() throws Exception {
    List<Boolean> reset = new ArrayList<>(List.of(true));
    try (FakeGateway one =
            new FakeGateway(
                received ->
                    !reset.isEmpty() && reset.removeFirst()
                        ? new Reaction.Reset()
                        : FakeGateway.problem(403, "forbidden"));
        HoldfastClient client = builder(one).deadline(Duration.ofSeconds(1)).build()) {
      assertThat(client.transfer(payment(1)).get()).isInstanceOf(Outcome.Unknown.class);
    }
  }

  @Test
  void each_caller_is_told_at_its_own_deadline() throws Exception {
    try (FakeGateway gateway = new FakeGateway(received -> new Reaction.Hang(ledger::judge));
        HoldfastClient client =
            builder(gateway)
                .requestsInFlight(1)
                .attemptTimeout(Duration.ofSeconds(2))
                .deadline(Duration.ofMillis(1_500))
                .build()) {
      CompletableFuture<Outcome> first = client.transfer(payment(1));
      long begun = System.nanoTime();
      Eventually.check(() -> System.nanoTime() - begun > 500_000_000);
      CompletableFuture<Outcome> early = client.transfer(payment(2));
      Eventually.check(() -> System.nanoTime() - begun > 1_400_000_000);
      CompletableFuture<Outcome> late = client.transfer(payment(3));
      assertThat(first.get()).isInstanceOf(Outcome.Unknown.class);
      assertThat(early.get()).isInstanceOf(Outcome.Unknown.class);
      assertThat(late).isNotDone(); // although it travels in the same request
      assertThat(late.get()).isInstanceOf(Outcome.Unknown.class);
      assertThat(gateway.received()).hasSize(2);
    }
  }

  @Test
  void what_waited_until_its_deadline_and_was_never_sent_is_not_unknown() throws Exception {
    try (FakeGateway gateway = new FakeGateway(received -> new Reaction.Hang(ledger::judge));
        HoldfastClient client =
            builder(gateway).requestsInFlight(1).deadline(Duration.ofSeconds(2)).build()) {
      CompletableFuture<Outcome> sent = client.transfer(payment(1));
      Eventually.check(() -> gateway.received().size() == 1);
      CompletableFuture<Reply> waiting =
          client.submit(Request.ofTransfers(List.of(payment(2))), Duration.ofMillis(200));
      Throwable failure = waiting.handle((reply, e) -> e).get();
      assertThat(failure)
          .isInstanceOfSatisfying(
              HoldfastException.class, e -> assertThat(e.code()).isEqualTo("unavailable"));
      gateway.wake();
      assertThat(sent.get()).isInstanceOf(Outcome.Answered.class);
      assertThat(ledger.count()).isEqualTo(1);
    }
  }

  @Test
  void the_leaders_gateway_is_preferred_and_the_next_leaders_after_a_change() throws Exception {
    try (FakeGateway one = new FakeGateway(ledger::judge);
        FakeGateway two = new FakeGateway(ledger::judge).leads(true);
        FakeGateway three = new FakeGateway(ledger::judge);
        HoldfastClient client = builder(one, two, three).build()) {
      Eventually.check(() -> allGoTo(two, client));
      two.leads(false);
      three.leads(true);
      Eventually.check(() -> allGoTo(three, client));
    }
  }

  private static boolean allGoTo(FakeGateway gateway, HoldfastClient client) {
    int before = gateway.received().size();
    for (int i = 0; i < 5; i++) {
      assertThat(client.transfer(payment(1)).join()).isInstanceOf(Outcome.Answered.class);
    }
    return gateway.received().size() == before + 5;
  }

  @Test
  void a_hung_gateway_is_avoided_and_asked_again_after_it_woke() throws Exception {
    try (FakeGateway one = new FakeGateway(ledger::judge).leads(true);
        FakeGateway two = new FakeGateway(ledger::judge);
        HoldfastClient client = builder(one, two).build()) {
      Eventually.check(() -> allGoTo(one, client));
      one.hang();
      assertThat(client.transfer(payment(1)).get()).isInstanceOf(Outcome.Answered.class);
      for (int i = 0; i < 10; i++) {
        assertThat(allGoTo(two, client)).isTrue();
      }
      one.wake();
      Eventually.check(() -> allGoTo(one, client));
    }
  }
}
