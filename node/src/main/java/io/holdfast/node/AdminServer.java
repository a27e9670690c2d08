package io.holdfast.node;

import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Serves operators on a listener of its own; see docs/reference/admin.md. */
final class AdminServer implements AutoCloseable {
  /** Operators and their tools, not applications. */
  private static final int CONNECTIONS_MAX = 64;

  private static final int BODY_BYTES_MAX = 64 * 1024;

  private final WebServer server;

  private AdminServer(WebServer server) {
    this.server = server;
  }

  /**
   * Binds and serves.
   *
   * @param tls null for plain HTTP
   * @throws HoldfastException code {@code port-in-use}
   */
  static AdminServer start(Address address, @Nullable SSLContext tls, Handler routes) {
    WebServerConfig.Builder builder =
        WebServer.builder()
            .host(address.host())
            .port(address.port())
            .shutdownHook(false)
            .maxTcpConnections(CONNECTIONS_MAX)
            .maxPayloadSize(BODY_BYTES_MAX)
            .shutdownGracePeriod(Duration.ofMillis(500))
            .routing((HttpRouting.Builder routing) -> routing.any(routes));
    if (tls != null) {
      builder.tls(Tls.builder().sslContext(tls).enabledProtocols(List.of("TLSv1.3")).build());
    }
    WebServer server = builder.build().start();
    if (!server.isRunning()) {
      throw Ports.inUse(Settings.ADMIN_ADDRESS, address, null);
    }
    return new AdminServer(server);
  }

  /** The port that it listens on, also when the configuration said 0. */
  int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }
}
