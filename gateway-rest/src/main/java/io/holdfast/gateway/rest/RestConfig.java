package io.holdfast.gateway.rest;

import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How the gateway listens and how much it takes. Every limit is there so that no client, alone or
 * with others, can take the node's memory or threads.
 *
 * @param host address to bind to
 * @param port port to bind to; 0 for any free one
 * @param tls where the server's key and certificate come from; null for plain HTTP
 * @param connectionsMax open connections; more wait unaccepted
 * @param requestsMax requests worked on at the same time, bodies already read; more are answered
 *     429
 * @param bodyBytesMax bytes of one JSON body; 8,189 transfers with all fields need about 4 MiB
 * @param bodyBytesTotalMax bytes of all bodies in memory at the same time; more are answered 429
 * @param receiveTimeout how long the rest of a request may take once its first line is there
 * @param sendTimeout how long a client may take to read an answer
 * @param idleTimeout how long a connection may rest between two requests
 * @param drainTimeout how long requests in progress may take after {@link RestGateway#close()}
 */
public record RestConfig(
    String host,
    int port,
    @Nullable SSLContext tls,
    int connectionsMax,
    int requestsMax,
    int bodyBytesMax,
    long bodyBytesTotalMax,
    Duration receiveTimeout,
    Duration sendTimeout,
    Duration idleTimeout,
    Duration drainTimeout) {

  /** Caller's patience when the request does not say: milliseconds. */
  public static final int TIMEOUT_MILLIS_DEFAULT = 5_000;

  /** The longest patience that is accepted: milliseconds. */
  public static final int TIMEOUT_MILLIS_MAX = 60_000;

  public RestConfig {
    positive("rest connections", connectionsMax);
    positive("rest requests", requestsMax);
    positive("rest body bytes", bodyBytesMax);
    if (port < 0 || port > 65_535) {
      throw new HoldfastException(
          "setting-out-of-range", "rest port is " + port + "; allowed: 0 to 65535", "");
    }
    if (bodyBytesTotalMax < bodyBytesMax) {
      throw new HoldfastException(
          "setting-out-of-range",
          "rest body bytes in total is "
              + bodyBytesTotalMax
              + "; allowed: at least the size of one body, "
              + bodyBytesMax,
          "");
    }
    positive("rest receive timeout", receiveTimeout);
    positive("rest send timeout", sendTimeout);
    positive("rest idle timeout", idleTimeout);
    positive("rest drain timeout", drainTimeout);
  }

  /** Plain HTTP with the usual limits; port 0 takes any free one. */
  public static RestConfig plain(String host, int port) {
    return new RestConfig(
        host,
        port,
        null,
        8_192,
        2_048,
        8 << 20,
        128L << 20,
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        Duration.ofSeconds(5));
  }

  /** HTTPS with this key and certificate. */
  public RestConfig withTls(SSLContext context) {
    return new RestConfig(
        host,
        port,
        context,
        connectionsMax,
        requestsMax,
        bodyBytesMax,
        bodyBytesTotalMax,
        receiveTimeout,
        sendTimeout,
        idleTimeout,
        drainTimeout);
  }

  /** Other limits of what is taken at the same time. */
  public RestConfig withLimits(
      int connectionsMax, int requestsMax, int bodyBytesMax, long bodyBytesTotalMax) {
    return new RestConfig(
        host,
        port,
        tls,
        connectionsMax,
        requestsMax,
        bodyBytesMax,
        bodyBytesTotalMax,
        receiveTimeout,
        sendTimeout,
        idleTimeout,
        drainTimeout);
  }

  /** Other patience with slow clients. */
  public RestConfig withTimeouts(
      Duration receiveTimeout, Duration sendTimeout, Duration idleTimeout, Duration drainTimeout) {
    return new RestConfig(
        host,
        port,
        tls,
        connectionsMax,
        requestsMax,
        bodyBytesMax,
        bodyBytesTotalMax,
        receiveTimeout,
        sendTimeout,
        idleTimeout,
        drainTimeout);
  }

  private static void positive(String name, int value) {
    if (value < 1) {
      throw new HoldfastException(
          "setting-out-of-range", name + " is " + value + "; allowed: 1 or more", "");
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new HoldfastException(
          "setting-out-of-range", name + " is " + value + "; allowed: more than zero", "");
    }
  }
}
