package io.holdfast.gateway.rest;

import io.helidon.common.tls.Tls;
import io.helidon.http.HttpLogConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.holdfast.client.LedgerAccess;
import io.holdfast.kernel.HoldfastException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Serves a ledger over HTTP/1.1: JSON for people and programs, binary batches for volume. It keeps
 * no state of its own: what it answers, the ledger has answered.
 *
 * <p>One virtual thread per connection; requests on one connection are answered in order. See
 * docs/reference/rest.md, and GET /openapi.json of a running gateway.
 */
public final class RestGateway implements AutoCloseable {
  private final RestConfig config;
  private final Routes routes;
  private final FrontDoor door;
  private final SlowClients slowClients;
  private final RestMetrics metrics;
  private @Nullable WebServer server;

  /**
   * @param ledger what is served
   * @param registry takes the gateway's meters, and is what GET /metrics shows
   */
  public RestGateway(
      LedgerAccess ledger, RestConfig config, PrometheusMeterRegistry registry, Health health) {
    this.config = config;
    this.metrics = new RestMetrics(registry);
    this.slowClients = new SlowClients(config, metrics);
    this.routes = new Routes(routes(ledger, registry, health));
    this.door = new FrontDoor(routes, config, metrics, slowClients);
  }

  /**
   * Binds and serves.
   *
   * @throws HoldfastException {@code address-unavailable} if it can't bind
   */
  public synchronized void start() {
    checkAddress();
    WebServerConfig.Builder builder =
        WebServer.builder()
            .host(config.host())
            .port(config.port())
            .shutdownHook(false)
            .maxTcpConnections(config.connectionsMax())
            .shutdownGracePeriod(config.drainTimeout())
            .connectionOptions(slowClients.socketOptions())
            .directHandlers(ServerProblems.handlers(metrics))
            .errorHandling(errors -> errors.includeEntity(true))
            .protocolsDiscoverServices(false)
            .addProtocol(
                Http1Config.builder()
                    .log(HttpLogConfig.builder().receiveLog(false).sendLog(false).build())
                    .sendKeepAliveHeader(false)
                    .validateResponseHeaders(false)
                    .addReceiveListener(slowClients.listener())
                    .build())
            .routing((HttpRouting.Builder routing) -> routing.any(door));
    if (config.tls() != null) {
      builder.tls(
          Tls.builder().sslContext(config.tls()).enabledProtocols(List.of("TLSv1.3")).build());
    }
    WebServer started = builder.build().start();
    if (!started.isRunning()) {
      throw unavailable(null);
    }
    server = started;
    slowClients.start();
  }

  /** The port that it listens on, also when the configuration said 0. */
  public synchronized int port() {
    if (server == null) {
      throw new IllegalStateException("the gateway is not started");
    }
    return server.port();
  }

  /**
   * Stops taking connections, answers what is in progress within the drain timeout, and closes what
   * is left.
   */
  @Override
  public synchronized void close() {
    door.drain();
    if (server != null) {
      server.stop();
      server = null;
    }
    slowClients.close();
  }

  /** What is served; for checking documents against it. */
  Routes routes() {
    return routes;
  }

  private List<Route> routes(LedgerAccess ledger, PrometheusMeterRegistry registry, Health health) {
    Submissions accounts = new Submissions(ledger, EventShape.ACCOUNT, metrics);
    Submissions transfers = new Submissions(ledger, EventShape.TRANSFER, metrics);
    Lookups<?> accountLookups = Lookups.accounts(ledger);
    Lookups<?> transferLookups = Lookups.transfers(ledger);
    Histories histories = new Histories(ledger);
    Balances balances = new Balances(ledger);
    SiteRoutes site = new SiteRoutes(ledger, health, registry, this::draining);
    return List.of(
        new Route("POST", "/v1/accounts", Route.Kind.BODY, accounts),
        new Route("POST", "/v1/transfers", Route.Kind.BODY, transfers),
        new Route("POST", "/v1/accounts/lookup", Route.Kind.BODY, accountLookups::many),
        new Route("POST", "/v1/transfers/lookup", Route.Kind.BODY, transferLookups::many),
        new Route("GET", "/v1/accounts", Route.Kind.QUERY, histories::accounts),
        new Route("GET", "/v1/accounts/{id}", Route.Kind.QUERY, accountLookups::one),
        new Route("GET", "/v1/accounts/{id}/transfers", Route.Kind.QUERY, histories::transfersOf),
        new Route("GET", "/v1/accounts/{id}/balances", Route.Kind.QUERY, histories::balancesOf),
        new Route("GET", "/v1/accounts/{id}/balance", Route.Kind.QUERY, balances::at),
        new Route("GET", "/v1/accounts/{id}/holds", Route.Kind.QUERY, balances::holds),
        new Route("GET", "/v1/transfers", Route.Kind.QUERY, histories::transfers),
        new Route("GET", "/v1/transfers/{id}", Route.Kind.QUERY, transferLookups::one),
        new Route("GET", "/v1/status", Route.Kind.LOCAL, site::status),
        new Route("GET", "/health/live", Route.Kind.LOCAL, site::live),
        new Route("GET", "/health/ready", Route.Kind.LOCAL, site::ready),
        new Route("GET", "/health/leader", Route.Kind.LOCAL, site::leader),
        new Route("GET", "/openapi.json", Route.Kind.LOCAL, site::openApi),
        new Route("GET", "/metrics", Route.Kind.LOCAL, site::metrics));
  }

  private boolean draining() {
    return door.draining();
  }

  /** The server only logs when it can't bind; a caller wants to be told why. */
  private void checkAddress() {
    if (config.port() == 0) {
      return;
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(config.host(), config.port()));
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  private HoldfastException unavailable(@Nullable IOException cause) {
    String message =
        "can't listen on "
            + config.host()
            + ":"
            + config.port()
            + " for REST"
            + (cause == null ? "" : ": " + cause.getMessage());
    return new HoldfastException(
        "address-unavailable", message, "choose another port, or stop what listens there");
  }
}
