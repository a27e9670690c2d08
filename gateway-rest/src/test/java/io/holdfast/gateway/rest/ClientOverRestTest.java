package io.holdfast.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.LedgerAccess;
import io.holdfast.testkit.InMemoryLedgerAccess;
import io.holdfast.testkit.LedgerAccessContract;
import io.holdfast.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The Java client, over a real gateway, is a way to the ledger like any other. */
class ClientOverRestTest extends LedgerAccessContract {
  private final InMemoryLedgerAccess ledger = new InMemoryLedgerAccess(new ManualClock());
  private final RunningGateway running = new RunningGateway(ledger);
  private final HoldfastClient client =
      HoldfastClient.builder()
          .gateways(List.of(running.uri("")))
          .deadline(
              Duration.ofSeconds(60)) // what is tested is answers, not how busy the machine is
          .build();

  @Override
  protected LedgerAccess ledger() {
    return client;
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
    assertThat(ledger.conserved()).isTrue();
    ledger.close();
  }
}
