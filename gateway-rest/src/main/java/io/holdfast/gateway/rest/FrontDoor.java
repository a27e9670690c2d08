package io.holdfast.gateway.rest;

import io.helidon.http.HeaderValues;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.holdfast.kernel.HoldfastException;
import java.util.HexFormat;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every request comes in: finds its route, reads its body, lets it in if there is room, and
 * answers in any case, with a problem document where something is wrong.
 */
final class FrontDoor implements Handler {
  private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

  private final Routes routes;
  private final RestConfig config;
  private final RestMetrics metrics;
  private final SlowClients slowClients;
  private final ByteBudget bodies;
  private final Semaphore places;
  private volatile boolean draining;

  FrontDoor(Routes routes, RestConfig config, RestMetrics metrics, SlowClients slowClients) {
    this.routes = routes;
    this.config = config;
    this.metrics = metrics;
    this.slowClients = slowClients;
    this.bodies = new ByteBudget(config.bodyBytesTotalMax());
    this.places = new Semaphore(config.requestsMax());
    metrics.gauge("holdfast.rest.requests.in.progress", "Requests worked on now", this::inProgress);
    metrics.gauge("holdfast.rest.body.bytes", "Bytes of bodies in memory now", bodies::used);
    metrics.gauge("holdfast.rest.connections", "Connections open now", slowClients::open);
  }

  /** From now on each answer asks its client to connect elsewhere. */
  void drain() {
    draining = true;
  }

  boolean draining() {
    return draining;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    long began = System.nanoTime();
    Route route = null;
    try {
      Answer answer;
      try {
        Routes.Found found =
            routes.find(request.prologue().method().text(), request.prologue().uriPath().rawPath());
        route = found.route();
        answer = answer(found, request);
      } catch (HoldfastException e) {
        answer = refused(e, request);
      } catch (CloseConnectionException | RequestException e) {
        throw e;
      } catch (RuntimeException e) {
        answer = incident(e, request);
      }
      send(answer, response);
      metrics.request(route, answer.status().code(), System.nanoTime() - began);
    } catch (CloseConnectionException e) {
      metrics.abandoned();
      throw e;
    }
  }

  private Answer answer(Routes.Found found, ServerRequest request) {
    return switch (found.route().kind()) {
      case BODY -> {
        try (Body body = Body.read(request, config.bodyBytesMax(), bodies)) {
          yield limited(found, new Exchange(request, found.segment(), body));
        }
      }
      case QUERY -> limited(found, new Exchange(request, found.segment(), Body.NONE));
      case LOCAL ->
          found.route().handler().answer(new Exchange(request, found.segment(), Body.NONE));
    };
  }

  private Answer limited(Routes.Found found, Exchange exchange) {
    slowClients.received();
    if (!places.tryAcquire()) {
      throw Refusal.of(
          ErrorCode.OVERLOADED,
          config.requestsMax() + " requests are in progress, as many as this gateway takes",
          ErrorCode.OVERLOADED.hint());
    }
    try {
      return found.route().handler().answer(exchange);
    } finally {
      places.release();
    }
  }

  private int inProgress() {
    return config.requestsMax() - places.availablePermits();
  }

  private Answer refused(HoldfastException refusal, ServerRequest request) {
    Problem problem = Problem.of(refusal);
    if (problem == null) {
      return incident(refusal, request);
    }
    metrics.problem(problem.error());
    return Answer.problem(problem);
  }

  /** The caller gets a number; what happened is in the log under it. */
  private Answer incident(RuntimeException fault, ServerRequest request) {
    String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    LOG.error(
        "incident {}: {} {} failed",
        id,
        request.prologue().method().text(),
        request.prologue().uriPath().rawPath(),
        fault);
    metrics.problem(ErrorCode.INTERNAL_ERROR);
    return Answer.problem(
        Problem.of(
            ErrorCode.INTERNAL_ERROR,
            "the request failed inside the gateway; incident " + id + " in its log says why",
            "if it concerned payments, repeat with the same ids; report the incident"));
  }

  private void send(Answer answer, ServerResponse response) {
    response.status(answer.status());
    response.header(answer.contentType());
    answer.headers().forEach(response::header);
    if (draining) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    slowClients.sending();
    response.send(answer.body());
    slowClients.sent();
  }
}
