package io.holdfast.cli;

import io.holdfast.gateway.rest.Health;
import io.holdfast.gateway.rest.RestConfig;
import io.holdfast.gateway.rest.RestGateway;
import io.holdfast.kernel.SystemClock;
import io.holdfast.testkit.InMemoryLedgerAccess;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** A real ledger in memory behind a real gateway, on a free port. */
final class ServedLedger implements AutoCloseable {
  private final InMemoryLedgerAccess ledger;
  private final boolean own;
  private final RestGateway gateway;

  ServedLedger() {
    this(new InMemoryLedgerAccess(new SystemClock()), true);
  }

  /** The ledger outlives this. */
  ServedLedger(InMemoryLedgerAccess ledger) {
    this(ledger, false);
  }

  private ServedLedger(InMemoryLedgerAccess ledger, boolean own) {
    this.ledger = ledger;
    this.own = own;
    this.gateway =
        new RestGateway(
            ledger,
            RestConfig.plain("127.0.0.1", 0),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            Health.alwaysLeading());
    gateway.start();
  }

  String address() {
    return "http://127.0.0.1:" + gateway.port();
  }

  @Override
  public void close() {
    gateway.close();
    if (own) {
      ledger.close();
    }
  }
}
