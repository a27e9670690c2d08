package io.holdfast.cluster;

import io.holdfast.journal.Acts;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order in which the parts of one node's share in its site start and stop: what takes work
 * begins last and ends first, the replica outlives all that may apply, read or write down how far
 * it is. Started and closed once, by whoever owns it.
 */
final class Lifecycle implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

  /** The same process opens directory and port again right after that. */
  private static final Duration CLOSE_FOR_START = Duration.ofSeconds(5);

  /** What a stop waits for at most, first for another leader, then for answers. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final long ANSWERS_POLL_MILLIS = 10;

  private final List<String> started = new CopyOnWriteArrayList<>();
  private final Assembly parts;
  private volatile boolean stopping;

  private Lifecycle(
      SiteConfig config, Clock clock, Acts acts, UnaryOperator<Payloads> payloads, Fatal fatal)
      throws IOException {
    this.parts = new Assembly(config, clock, acts, payloads, fatal, () -> stopping, this::started);
  }

  /**
   * @param payloads what batches go through on their way to the replica; changes none of them
   */
  static Lifecycle start(
      SiteConfig config, Clock clock, Acts acts, UnaryOperator<Payloads> payloads, Fatal fatal) {
    try {
      Lifecycle lifecycle = new Lifecycle(config, clock, acts, payloads, fatal);
      lifecycle.startEngine();
      lifecycle.parts.housekeeping().start();
      lifecycle.parts.submission().start();
      lifecycle.parts.scrub().start();
      return lifecycle;
    } catch (IOException e) {
      throw Engine.startFailed(config.directory(), e);
    }
  }

  private void startEngine() throws IOException {
    long began = System.nanoTime();
    try {
      parts.formation().begin();
      parts.engine().start();
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      started("consensus_ms", Long.toString(millis));
      if (parts.home().members().isJoining()) {
        parts.joining().start();
      }
    } catch (CompletionException e) {
      giveUp();
      throw e.getCause() instanceof HoldfastException coded ? coded : e;
    } catch (IOException | RuntimeException e) {
      giveUp();
      throw e;
    }
  }

  private void giveUp() {
    stopping = true;
    parts.engine().close();
    parts.answers().close();
    parts.client().close();
    parts.fileCalls().close();
    parts.replica().close();
  }

  private void started(String name, String value) {
    started.addAll(List.of(name, value));
  }

  /** How the start went, as names and values in turns. */
  List<String> started() {
    return started;
  }

  Assembly parts() {
    return parts;
  }

  @Override
  public void close() {
    Rebuild rebuild = parts.rebuild();
    Leadership leadership = parts.leadership();
    if (leadership.leads() && parts.home().members().size() > 1 && !rebuild.isDiverged()) {
      try {
        parts.handOver().run(null, PATIENCE);
      } catch (HoldfastException e) {
        LOG.warn("stopping without a hand-over: {}", e.message());
      }
    }
    if (!rebuild.isDiverged()) {
      leadership.awaitUntil(() -> parts.answers().size() == 0, PATIENCE, ANSWERS_POLL_MILLIS);
    }
    stopping = true;
    parts.joining().close();
    parts.scrub().close();
    parts.housekeeping().close();
    parts.submission().close();
    parts.answers().close();
    parts.client().close();
    parts.fileCalls().close();
    parts.engine().close(rebuild.isDue() ? CLOSE_FOR_START : Engine.CLOSE);
    parts.progress().write();
    parts.replica().close();
  }
}
