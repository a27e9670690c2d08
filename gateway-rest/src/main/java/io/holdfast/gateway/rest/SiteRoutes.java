package io.holdfast.gateway.rest;

import io.holdfast.client.LedgerAccess;
import io.holdfast.client.SiteStatus;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;

/** What the gateway says of itself, its node and its site: status, health, OpenAPI document. */
final class SiteRoutes {
  private static final byte[] OPENAPI = resource("openapi.json");

  private final LedgerAccess ledger;
  private final Health health;
  private final BooleanSupplier draining;

  /**
   * @param draining whether the gateway is closing and wants no new callers
   */
  SiteRoutes(LedgerAccess ledger, Health health, BooleanSupplier draining) {
    this.ledger = ledger;
    this.health = health;
    this.draining = draining;
  }

  Answer status(Exchange exchange) {
    noParameters(exchange);
    return Answer.json(json(Waiting.forRead(ledger.status(), exchange.timeout())));
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

  private static byte[] json(SiteStatus status) {
    JsonWriter json = new JsonWriter(1_024).beginObject();
    json.name("ledger_id").text(status.ledgerId());
    json.name("site").text(status.site());
    json.name("node").text(status.node());
    json.name("version").text(status.version());
    json.name("leader");
    String leader = status.leader();
    if (leader == null) {
      json.nothing();
    } else {
      json.text(leader);
    }
    json.name("term").number(status.term());
    json.name("op").number(status.op());
    json.name("transfers").number(status.transfers());
    json.name("accounts").number(status.accounts());
    json.name("nodes").beginArray();
    for (SiteStatus.Member member : status.nodes()) {
      json.beginObject();
      json.name("node").text(member.node());
      json.name("address").text(member.address());
      json.name("role").text(member.role());
      json.name("op").number(member.op());
      json.name("lag_ops").number(member.lagOps());
      json.name("clock_offset_millis").number(member.clockOffsetMillis());
      json.name("last_heard_millis").number(member.lastHeardMillis());
      json.endObject();
    }
    json.endArray().name("incidents").beginArray();
    status.incidents().forEach(json::text);
    return json.endArray().endObject().toBytes();
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
