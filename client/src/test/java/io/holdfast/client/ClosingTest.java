package io.holdfast.client;

import static io.holdfast.client.HoldfastClientTest.payment;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.FakeGateway.Reaction;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ClosingTest {
  private final FakeLedger ledger = new FakeLedger();

  private static HoldfastClientBuilder builder(FakeGateway gateway) {
    return HoldfastClient.builder()
        .gateways(List.of(gateway.address()))
        .requestsInFlight(1)
        .attemptTimeout(Duration.ofSeconds(2));
  }

  private static Set<Thread> clientThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(
            thread ->
                thread.getName().startsWith("holdfast-client")
                    || thread.getName().startsWith("HttpClient-"))
        .collect(Collectors.toSet());
  }

  @Test
  void closing_leaves_no_thread_behind() throws Exception {
    Set<Thread> before = clientThreads();
    try (FakeGateway gateway = new FakeGateway(ledger::judge)) {
      for (int i = 0; i < 5; i++) {
        try (HoldfastClient client = builder(gateway).build()) {
          assertThat(client.transfer(payment(i)).get()).isInstanceOf(Outcome.Answered.class);
          assertThat(clientThreads().size()).isGreaterThan(before.size());
        }
      }
      Eventually.check(() -> before.containsAll(clientThreads()));
      Eventually.check(() -> gateway.connectionCount() == 0);
    }
  }

  @Test
  void closing_waits_for_the_answers_of_what_was_handed_in() throws Exception {
    try (FakeGateway gateway = new FakeGateway(received -> new Reaction.Hang(ledger::judge))) {
      HoldfastClient client = builder(gateway).build();
      CompletableFuture<Outcome> sent = client.transfer(payment(1));
      CompletableFuture<Outcome> waiting = client.transfer(payment(2));
      Thread closing = Thread.ofVirtual().start(client::close);
      AtomicInteger next = new AtomicInteger(3);
      Eventually.check(
          () ->
              client.transfer(payment(next.getAndIncrement())).getNow(null)
                      instanceof Outcome.Refused refused
                  && refused.code().equals("closed"));
      assertThat(sent).isNotDone();
      gateway.wake();
      closing.join();
      assertThat(sent.getNow(null)).isInstanceOf(Outcome.Answered.class);
      assertThat(waiting.getNow(null)).isInstanceOf(Outcome.Answered.class);
    }
  }

  @Test
  void closing_ends_what_gets_no_answer_as_unknown_and_tells_what_was_never_sent()
      throws Exception {
    try (FakeGateway gateway = new FakeGateway(received -> new Reaction.Hang(ledger::judge))) {
      HoldfastClient client = builder(gateway).deadline(Duration.ofMillis(300)).build();
      Duration minutes = Duration.ofMinutes(5);
      CompletableFuture<Reply> sent =
          client.submit(Request.ofTransfers(List.of(payment(1))), minutes);
      Eventually.check(() -> gateway.received().size() == 1);
      CompletableFuture<Reply> waiting =
          client.submit(Request.ofTransfers(List.of(payment(2))), minutes);
      client.close();
      assertThat(code(sent)).isEqualTo("outcome-unknown");
      assertThat(code(waiting)).isEqualTo("unavailable");
      assertThat(code(client.status())).isEqualTo("closed");
    }
  }

  private static String code(CompletableFuture<?> failed) {
    return failed.handle((value, e) -> ((HoldfastException) e).code()).join();
  }
}
