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
  private final InMemoryLedgerAccess ledger = new InMemoryLedgerAccess(new SystemClock());
  private final RestGateway gateway =
      new RestGateway(
          ledger,
          RestConfig.plain("127.0.0.1", 0),
          new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
          Health.alwaysLeading());

  ServedLedger() {
    gateway.start();
  }

  String address() {
    return "http://127.0.0.1:" + gateway.port();
  }

  @Override
  public void close() {
    gateway.close();
    ledger.close();
  }
}
