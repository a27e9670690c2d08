package io.holdfast.gateway.rest;

import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.TransferStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the gateway counts. Meters are looked up once and kept; counting costs no look-up. */
final class RestMetrics {
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10)
  };
  private static final int STATUSES = 600;
  private static final String NO_ROUTE = "none";

  /** The counters of one kind of event. */
  private record Events(Counter in, Counter created, Counter existing, Counter refused) {}

  private final MeterRegistry registry;

  /** By route, or by {@link #NO_ROUTE}. */
  private final Map<Object, AtomicReferenceArray<Timer>> timers = new ConcurrentHashMap<>();

  private final Map<String, Counter> refusals = new ConcurrentHashMap<>();
  private final Events accounts;
  private final Events transfers;
  private final Counter slowClients;
  private final Counter abandoned;

  RestMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.accounts = events("account");
    this.transfers = events("transfer");
    this.slowClients =
        Counter.builder("holdfast.rest.slow.clients")
            .description("Connections closed because the client was too slow or idle for too long")
            .register(registry);
    this.abandoned =
        Counter.builder("holdfast.rest.abandoned")
            .description("Requests whose client went away before its answer")
            .register(registry);
  }

  /**
   * A request was answered.
   *
   * @param route null when it found none: what a caller makes up must not become a label
   */
  void request(@Nullable Route route, int status, long nanos) {
    String method = route == null ? NO_ROUTE : route.method();
    String template = route == null ? NO_ROUTE : route.template();
    AtomicReferenceArray<Timer> byStatus =
        timers.computeIfAbsent(
            route == null ? NO_ROUTE : route, r -> new AtomicReferenceArray<>(STATUSES));
    Timer timer = byStatus.get(status);
    if (timer == null) {
      timer =
          Timer.builder("holdfast.rest.request")
              .description("Requests by route and HTTP status, and how long they took")
              .tag("method", method)
              .tag("route", template)
              .tag("status", Integer.toString(status))
              .serviceLevelObjectives(BUCKETS)
              .register(registry);
      byStatus.set(status, timer);
    }
    timer.record(nanos, java.util.concurrent.TimeUnit.NANOSECONDS);
  }

  /** A request was answered with a problem. */
  void problem(ErrorCode code) {
    refusals
        .computeIfAbsent(
            code.code(),
            c ->
                Counter.builder("holdfast.rest.problems")
                    .description("Requests answered with a problem, by its code")
                    .tag("code", c)
                    .register(registry))
        .increment();
  }

  /** A request is about to be submitted. */
  void eventsIn(Request request) {
    of(request).in().increment(request.eventCount());
  }

  /** A request was answered by the ledger. */
  void answered(Request request, Reply reply) {
    boolean ofAccounts = request.kind() == RequestKind.CREATE_ACCOUNTS;
    int existsCode = ofAccounts ? AccountStatus.EXISTS.code() : TransferStatus.EXISTS.code();
    int createdCode = TransferStatus.CREATED.code();
    int created = 0;
    int existing = 0;
    int count = reply.count();
    for (int i = 0; i < count; i++) {
      int code = reply.statusCode(i);
      if (code == createdCode) {
        created++;
      } else if (code == existsCode) {
        existing++;
      }
    }
    Events events = of(request);
    add(events.created(), created);
    add(events.existing(), existing);
    add(events.refused(), count - created - existing);
  }

  void slowClient() {
    slowClients.increment();
  }

  void abandoned() {
    abandoned.increment();
  }

  void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  private Events of(Request request) {
    return request.kind() == RequestKind.CREATE_ACCOUNTS ? accounts : transfers;
  }

  private Events events(String kind) {
    return new Events(
        Counter.builder("holdfast.rest.events")
            .description("Events handed to the ledger")
            .tag("kind", kind)
            .register(registry),
        results(kind, "created"),
        results(kind, "exists"),
        results(kind, "refused"));
  }

  private Counter results(String kind, String outcome) {
    return Counter.builder("holdfast.rest.results")
        .description("Events answered by the ledger, by outcome")
        .tag("kind", kind)
        .tag("outcome", outcome)
        .register(registry);
  }

  private static void add(Counter counter, int amount) {
    if (amount > 0) {
      counter.increment(amount);
    }
  }
}
