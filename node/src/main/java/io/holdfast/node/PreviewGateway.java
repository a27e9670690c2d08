package io.holdfast.node;

import io.holdfast.gateway.rest.Health;
import io.holdfast.gateway.rest.RestConfig;
import io.holdfast.gateway.rest.RestGateway;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.Moment;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * Serves a past moment over REST on the loopback interface, with the same paths as a node. It is
 * never ready and never leads, so that nothing that balances load sends payments here, and refuses
 * those that come all the same.
 */
public final class PreviewGateway implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");

  private final RestGateway gateway;

  private PreviewGateway(RestGateway gateway) {
    this.gateway = gateway;
  }

  /**
   * Serves.
   *
   * @param moment outlives the gateway
   * @param port 0 for any that is free
   * @throws HoldfastException code {@code address-unavailable}
   */
  public static PreviewGateway start(Moment moment, int port) {
    RestGateway gateway =
        new RestGateway(
            new MomentLedgerAccess(moment),
            RestConfig.plain(LOOPBACK, port),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            health(moment));
    gateway.start();
    return new PreviewGateway(gateway);
  }

  private static Health health(Moment moment) {
    return new Health() {
      @Override
      public Optional<String> notReady() {
        return Optional.of(MomentLedgerAccess.words(moment));
      }

      @Override
      public boolean leading() {
        return false;
      }
    };
  }

  public String address() {
    return "http://" + LOOPBACK + ":" + gateway.port();
  }

  /** Returns when the process is asked to end, by TERM, INT or HUP. */
  public void awaitSignal() {
    CountDownLatch asked = new CountDownLatch(1);
    SIGNALS.forEach(name -> Signals.on(name, asked::countDown));
    try {
      asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    gateway.close();
  }
}
