package io.holdfast.client;

import io.holdfast.client.Verdict.Reading;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Begins exchanges: what all of a client's have in common, which is the way to the gateways and
 * what is known of them.
 */
final class Exchanges {
  private final Transport transport;
  private final Gateways gateways;
  private final GatewayProbe probe;
  private final AttemptTimeout timeout;
  private final Set<Exchange<?>> open = ConcurrentHashMap.newKeySet();

  Exchanges(Transport transport, List<URI> addresses, AttemptTimeout timeout) {
    this.transport = transport;
    this.gateways = new Gateways(addresses);
    this.probe = new GatewayProbe(transport, gateways);
    this.timeout = timeout;
  }

  /** An exchange that ends at the deadline, a time of {@link System#nanoTime}; not yet started. */
  <T> Exchange<T> of(Call call, Reading<T> reading, long deadline) {
    return new Exchange<>(this, call, reading, deadline);
  }

  void begun(Exchange<?> exchange) {
    open.add(exchange);
  }

  void ended(Exchange<?> exchange) {
    open.remove(exchange);
  }

  /** Ends all that are still open as if their deadlines had passed. */
  void abandon() {
    open.forEach(Exchange::abandon);
  }

  Transport transport() {
    return transport;
  }

  Gateways gateways() {
    return gateways;
  }

  GatewayProbe probe() {
    return probe;
  }

  AttemptTimeout timeout() {
    return timeout;
  }
}
