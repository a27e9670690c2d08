package io.holdfast.client;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What a client was built with, checked.
 *
 * @param gateways base addresses of the nodes' REST gateways, at least one
 * @param deadline how long a call may take, waiting included
 * @param attemptTimeout after how long without an answer another gateway is asked as well; grows
 *     with what is usual for the site, up to {@link #ATTEMPT_TIMEOUT_MAX}
 * @param requestsInFlight requests that may be on their way at once
 * @param waitingEventsMax events that may wait to be sent; more are pushed back
 */
record ClientOptions(
    List<URI> gateways,
    Duration deadline,
    Duration attemptTimeout,
    int requestsInFlight,
    int waitingEventsMax,
    @Nullable SSLContext tls) {

  /** Beyond this, a gateway that does not answer is not merely busy. */
  static final Duration ATTEMPT_TIMEOUT_MAX = Duration.ofSeconds(2);

  private static final String ADDRESS = "http://HOST:PORT or https://HOST:PORT";
  private static final Duration DEADLINE_MAX = Duration.ofMinutes(10);
  private static final int REQUESTS_IN_FLIGHT_MAX = 64;
  private static final int WAITING_EVENTS_MAX = 10_000_000;

  ClientOptions {
    gateways = List.copyOf(gateways);
    if (gateways.isEmpty()) {
      throw wrong("gateways", "empty", "at least one address such as http://127.0.0.1:7300");
    }
    for (URI gateway : gateways) {
      boolean web = "http".equals(gateway.getScheme()) || "https".equals(gateway.getScheme());
      if (!web || gateway.getHost() == null || gateway.getRawQuery() != null) {
        throw wrong("gateways", gateway, ADDRESS);
      }
    }
    within("deadline", deadline, Duration.ofMillis(1), DEADLINE_MAX);
    within("attemptTimeout", attemptTimeout, Duration.ofMillis(1), ATTEMPT_TIMEOUT_MAX);
    within("requestsInFlight", requestsInFlight, 1, REQUESTS_IN_FLIGHT_MAX);
    within("waitingEventsMax", waitingEventsMax, Limits.REQUEST_EVENTS_MAX, WAITING_EVENTS_MAX);
  }

  /** A gateway's address as a person wrote it. */
  static URI address(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw wrong("gateways", text, ADDRESS);
    }
  }

  private static <C extends Comparable<C>> void within(String name, C value, C least, C most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw wrong(name, value, least + " to " + most);
    }
  }

  private static HoldfastException wrong(String name, Object value, String allowed) {
    return new HoldfastException(
        "wrong-setting", name + " is " + value + "; allowed: " + allowed, "");
  }
}
