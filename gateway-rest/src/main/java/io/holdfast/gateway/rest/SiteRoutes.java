package io.holdfast.gateway.rest;

import io.holdfast.client.JsonAnswers;
import io.holdfast.client.LedgerAccess;
import io.holdfast.kernel.HoldfastException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/** What the gateway says of itself, its node and its site: status, health, metrics, OpenAPI. */
final class SiteRoutes {
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final byte[] OPENAPI = resource("openapi.json");

  private final LedgerAccess ledger;
  private final Health health;
  private final PrometheusMeterRegistry registry;
  private final BooleanSupplier draining;

  /**
   * @param draining whether the gateway is closing and wants no new callers
   */
  SiteRoutes(
      LedgerAccess ledger,
      Health health,
      PrometheusMeterRegistry registry,
      BooleanSupplier draining) {
    this.ledger = ledger;
    this.health = health;
    this.registry = registry;
    this.draining = draining;
  }

  Answer status(Exchange exchange) {
    noParameters(exchange);
    return Answer.json(JsonAnswers.status(Waiting.forRead(ledger.status(), exchange.timeout())));
  }

  Answer live(Exchange exchange) {
    noParameters(exchange);
    return state("live");
  }

  Answer ready(Exchange exchange) {
    noParameters(exchange);
    String reason =
        draining.getAsBoolean() ? "the gateway is closing" : health.notReady().orElse(null);
    return reason == null
        ? state("ready")
        : Answer.problem(Problem.of(ErrorCode.NOT_READY, reason, "try another node"));
  }

  Answer leader(Exchange exchange) {
    noParameters(exchange);
    return health.leading()
        ? state("leader")
        : Answer.problem(
            Problem.of(
                ErrorCode.NOT_LEADER,
                "another node leads, or none does",
                "GET /v1/status names the leader; any node takes requests"));
  }

  Answer openApi(Exchange exchange) {
    noParameters(exchange);
    return Answer.json(OPENAPI);
  }

  Answer metrics(Exchange exchange) {
    noParameters(exchange);
    return Answer.text(PROMETHEUS_TEXT, registry.scrape().getBytes(StandardCharsets.UTF_8));
  }

  private static Answer state(String state) {
    return Answer.json(
        new JsonWriter(32).beginObject().name("status").label(state).endObject().toBytes());
  }

  private static void noParameters(Exchange exchange) {
    if (!exchange.request().query().isEmpty()) {
      String name = exchange.request().query().names().iterator().next();
      throw Refusal.parameter(
          name,
          ErrorCode.UNKNOWN_PARAMETER,
          "the query has the unknown parameter " + Shown.value(name) + "; allowed: none",
          "remove it");
    }
  }

  private static byte[] resource(String name) {
    try (InputStream in = SiteRoutes.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new HoldfastException(
            "broken-build", "the resource " + name + " is not in this build", "build again");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new HoldfastException("broken-build", "can't read " + name, "build again", e);
    }
  }
}
