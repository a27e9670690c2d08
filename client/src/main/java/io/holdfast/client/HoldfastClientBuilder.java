package io.holdfast.client;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What a client is to be built with; see each setting for its default. */
public final class HoldfastClientBuilder {
  private List<URI> gateways = List.of();
  private Duration deadline = Duration.ofSeconds(10);
  private Duration attemptTimeout = Duration.ofMillis(200);
  private int requestsInFlight = 4;
  private int waitingEventsMax = 65_536;
  private @Nullable SSLContext tls;

  HoldfastClientBuilder() {}

  /** The base addresses of the nodes' REST gateways, such as {@code http://127.0.0.1:7301}. */
  public HoldfastClientBuilder gateways(List<URI> addresses) {
    this.gateways = addresses;
    return this;
  }

  /** As {@link #gateways(List)}. */
  public HoldfastClientBuilder gateways(String... addresses) {
    return gateways(List.of(addresses).stream().map(ClientOptions::address).toList());
  }

  /** How long a call may take in all; default 10 s, at most 10 min. */
  public HoldfastClientBuilder deadline(Duration longest) {
    this.deadline = longest;
    return this;
  }

  /**
   * After how long without an answer another gateway is asked as well; default 200 ms. It grows to
   * three times what nearly all requests take on this site, at most 2 s.
   */
  public HoldfastClientBuilder attemptTimeout(Duration shortest) {
    this.attemptTimeout = shortest;
    return this;
  }

  /** How many requests that write may be on their way at once; default 4, at most 64. */
  public HoldfastClientBuilder requestsInFlight(int most) {
    this.requestsInFlight = most;
    return this;
  }

  /** How many events may wait to be sent before more are pushed back; default 65,536. */
  public HoldfastClientBuilder waitingEventsMax(int most) {
    this.waitingEventsMax = most;
    return this;
  }

  /** TLS towards https gateways; default is what the JVM trusts. */
  public HoldfastClientBuilder tls(SSLContext context) {
    this.tls = context;
    return this;
  }

  /** Trusts the certificates of this PEM file alone, such as the ledger's ca.crt. */
  public HoldfastClientBuilder caCertificate(Path file) {
    return tls(TrustedAuthority.of(file));
  }

  /**
   * @throws io.holdfast.kernel.HoldfastException code {@code wrong-setting}, naming the setting
   */
  public HoldfastClient build() {
    return new HoldfastClient(
        new ClientOptions(
            gateways, deadline, attemptTimeout, requestsInFlight, waitingEventsMax, tls));
  }
}
