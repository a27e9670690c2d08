package io.holdfast.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.holdfast.cluster.Genesis;
import io.holdfast.cluster.NodeTls;
import io.holdfast.cluster.Seeding;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's time before it serves, while its data come from its peers: the directory is locked, and
 * operators see at the admin address how far it is. Applications find nothing yet.
 */
final class NodeSeeding implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeSeeding.class);
  private static final long SAY_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final Genesis identity;
  private final Seeding seeding;
  private final DirectoryLock lock;
  private final AdminServer admin;
  private final AtomicLong saidAt = new AtomicLong(System.nanoTime() - SAY_NANOS);

  private NodeSeeding(NodeConfig config, Clock clock, DirectoryLock lock) {
    this.lock = lock;
    this.identity = Seeding.identity(config.directory());
    this.seeding = new Seeding(config.directory(), config.fetchBytesPerSecond(), clock);
    Address address = config.listen().admin();
    Ports.checkFree(Settings.ADMIN_ADDRESS, address);
    NodeTls tls = NodeTls.load(identity, config.directory().resolve("keys"), clock);
    this.admin =
        AdminServer.start(address, address.loopback() ? null : tls.serverContext(), this::handle);
  }

  /** Whether a node that stopped itself is to start again, to be seeded. */
  static boolean cures(HoldfastException cause) {
    return cause.code().equals(Seeding.BEHIND) || cause.code().equals(Seeding.DIVERGED);
  }

  static boolean isDue(NodeConfig config) {
    return Seeding.isDue(config.directory());
  }

  static NodeSeeding start(NodeConfig config, Clock clock) {
    DirectoryLock lock = DirectoryLock.take(config.directory());
    boolean started = false;
    try {
      NodeSeeding seeding = new NodeSeeding(config, clock, lock);
      started = true;
      return seeding;
    } finally {
      if (!started) {
        lock.close();
      }
    }
  }

  /** Blocks until the directory is ready to be served; false when it was stopped before. */
  boolean run() {
    LOG.info("this directory lacks data; it is seeded from its peers");
    return seeding.run(this::say);
  }

  private void say(Seeding.State state) {
    long now = System.nanoTime();
    long last = saidAt.get();
    if (now - last >= SAY_NANOS && saidAt.compareAndSet(last, now)) {
      LOG.info(
          "seeding: {}, round {}, {} of {} bytes, {} bytes/s",
          state.phase(),
          state.round(),
          state.doneBytes(),
          state.totalBytes(),
          state.bytesPerSecond());
    }
  }

  private void handle(ServerRequest request, ServerResponse response) {
    boolean status =
        request.path().rawPath().equals("/admin/v1/status")
            && !request.headers().contains(HeaderNames.ORIGIN);
    Seeding.State state = seeding.state();
    Map<String, Object> document = new LinkedHashMap<>();
    if (status) {
      document.put("ledger_id", identity.ledgerId().toHex());
      document.put("site", identity.site());
      document.put("node", identity.nodeId());
      document.put("role", "seeding");
      document.put("seeding", state);
      document.put("seconds_left", state.secondsLeft());
    } else {
      response.status(Status.SERVICE_UNAVAILABLE_503);
      document.put("code", "unavailable");
      document.put("detail", "this node is being seeded and does not serve yet");
      document.put("hint", "GET /admin/v1/status says how far it is");
    }
    response.header(HeaderNames.CONTENT_TYPE, "application/json");
    try {
      response.send(JSON.writeValueAsBytes(document));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer made here can be written as JSON", e);
    }
  }

  /** Ends {@link #run} soon; what was fetched is kept. */
  void stop() {
    seeding.close();
  }

  @Override
  public void close() {
    seeding.close();
    admin.close();
    lock.close();
  }
}
