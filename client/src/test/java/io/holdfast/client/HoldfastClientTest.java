package io.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HoldfastClientTest {
  private final FakeLedger ledger = new FakeLedger();

  static Transfer payment(long id) {
    return Transfer.payment(UInt128.of(id), UInt128.of(1), UInt128.of(2), 10, 1, 1);
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
  void what_waits_is_collected_into_one_request() throws Exception {
    try (FakeGateway gateway = new FakeGateway(r -> new FakeGateway.Reaction.Hang(ledger::judge));
        HoldfastClient client =
            HoldfastClient.builder()
                .gateways(List.of(gateway.address()))
                .attemptTimeout(Duration.ofSeconds(2))
                .requestsInFlight(1)
                .build()) {
      List<CompletableFuture<Outcome>> all = new ArrayList<>();
      all.add(client.transfer(payment(1)));
      Eventually.check(() -> gateway.received().size() == 1);
      for (int i = 2; i <= 10_000; i++) {
        all.add(client.transfer(payment(i)));
      }
      gateway.wake();
      for (CompletableFuture<Outcome> one : all) {
        assertThat(one.get()).isInstanceOf(Outcome.Answered.class);
      }
      assertThat(ledger.requestSizes()).containsExactly(1, 8_189, 1_810);
    }
  }
}
