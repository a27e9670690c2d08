package io.holdfast.node;

import io.holdfast.cluster.Genesis;
import io.holdfast.cluster.NodeTls;
import io.holdfast.cluster.Site;
import io.holdfast.gateway.rest.RestConfig;
import io.holdfast.gateway.rest.RestGateway;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running node: its share in the site, the gateway for applications, the listener for
 * operators. It either starts whole, or it has started nothing.
 */
public final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private final Genesis genesis;
  private final NodeConfig config;
  private final DirectoryLock lock;
  private final NodeLog log;
  private final Site site;
  private final NodeHealth health;
  private final RestGateway rest;
  private final AdminServer admin;
  private final VaultService vault;

  private Node(
      Genesis genesis,
      NodeConfig config,
      DirectoryLock lock,
      NodeLog log,
      Site site,
      NodeHealth health,
      RestGateway rest,
      AdminServer admin,
      VaultService vault) {
    this.genesis = genesis;
    this.config = config;
    this.lock = lock;
    this.log = log;
    this.site = site;
    this.health = health;
    this.rest = rest;
    this.admin = admin;
    this.vault = vault;
  }

  /**
   * Starts a node: checks directory, keys and addresses, joins the site, and serves.
   *
   * @param fatal called once, from any thread, when the node must not go on; expected to halt
   * @throws HoldfastException when it cannot start; nothing is left running then
   */
  public static Node start(NodeConfig config, Clock clock, Consumer<HoldfastException> fatal) {
    Unwinding started = new Unwinding();
    try {
      Path directory = config.directory();
      DirectoryLock lock = started.add(DirectoryLock.take(directory));
      Genesis genesis = Genesis.read(directory);
      NodeLog log = started.add(NodeLog.open(genesis, directory, clock));
      try {
        return start(config, clock, fatal, started, lock, genesis, log);
      } catch (HoldfastException e) {
        log.halted(e);
        throw e;
      }
    } finally {
      started.close();
    }
  }

  private static Node start(
      NodeConfig config,
      Clock clock,
      Consumer<HoldfastException> fatal,
      Unwinding started,
      DirectoryLock lock,
      Genesis genesis,
      NodeLog log) {
    NodeTls tls =
        NodeTls.load(genesis, config.directory().resolve("keys"), clock, log.acts(), "HTTPS");
    ListenConfig listen = config.listen();
    Ports.checkFree(Settings.REST_ADDRESS, listen.rest());
    Ports.checkFree(Settings.ADMIN_ADDRESS, listen.admin());
    Site site =
        started.add(Site.start(config.site(), clock, log.acts(), cause -> halt(log, fatal, cause)));
    NodeMetrics metrics = new NodeMetrics();
    metrics.show(site::view, site::batchesInFlight, site::queuedEvents);
    metrics.show(site::journal, site::index);
    metrics.showScrub(site::scrub);
    metrics.showCheckpoints(site::checkpoints);
    NodeHealth health = new NodeHealth(site::view);
    VaultService vault =
        started.add(
            VaultService.start(config.repositories(), site, config.directory(), log.acts(), clock));
    metrics.showBackups(vault::status);
    AdminServer admin =
        started.add(
            AdminServer.start(
                listen.admin(),
                tlsFor(listen.admin(), tls),
                new AdminRoutes(site, vault, log.acts())));
    SSLContext restTls = tlsFor(listen.rest(), tls);
    RestConfig restConfig = restTls == null ? config.rest() : config.rest().withTls(restTls);
    RestGateway rest =
        started.add(
            new RestGateway(
                new SiteLedgerAccess(site, metrics), restConfig, metrics.registry(), health));
    rest.start();
    started.keep();
    log.started(site);
    return new Node(genesis, config, lock, log, site, health, rest, admin, vault);
  }

  private static void halt(
      NodeLog log, Consumer<HoldfastException> fatal, HoldfastException cause) {
    try {
      log.halted(cause);
    } finally {
      fatal.accept(cause);
    }
  }

  /** Plain on loopback, the node's certificate elsewhere. */
  private static @Nullable SSLContext tlsFor(Address address, NodeTls tls) {
    return address.loopback() ? null : tls.serverContext();
  }

  /** The node's name in its site. */
  public String nodeId() {
    return genesis.nodeId();
  }

  /** The port that REST listens on, also when the configuration said 0. */
  public int restPort() {
    return rest.port();
  }

  /** The port that the admin API listens on, also when the configuration said 0. */
  public int adminPort() {
    return admin.port();
  }

  /** Who this is and where it listens, in one line of key=value. */
  public String readyLine() {
    ListenConfig listen = config.listen();
    return "holdfast serves node="
        + genesis.nodeId()
        + " site="
        + genesis.site()
        + " ledger="
        + genesis.ledgerId().toHex()
        + " rest="
        + url(listen.rest(), rest.port())
        + " admin="
        + url(listen.admin(), admin.port())
        + " peer="
        + genesis.self().address();
  }

  private static String url(Address address, int port) {
    return (address.loopback() ? "http://" : "https://") + new Address(address.host(), port);
  }

  /**
   * Stops in good order: no new clients, leadership to another node, answers to what is in flight,
   * everything synced.
   */
  @Override
  public void close() {
    long began = System.nanoTime();
    health.stop();
    handOver();
    rest.close();
    vault.close();
    site.close();
    admin.close();
    log.stopped(began);
    log.close();
    lock.close();
  }

  /** Before the gateway closes, so that requests in flight are answered under the new leader. */
  private void handOver() {
    if (!genesis.nodeId().equals(site.view().leader()) || site.view().peers().size() == 1) {
      return;
    }
    Duration patience = config.stopTimeout().dividedBy(4);
    try {
      String leader = site.handOver(null, patience).get(patience.toMillis(), TimeUnit.MILLISECONDS);
      LOG.info("leadership handed over to {}", leader);
    } catch (ExecutionException e) {
      LOG.warn("stopping without a hand-over: {}", String.valueOf(e.getCause()));
    } catch (TimeoutException e) {
      LOG.warn("stopping without a hand-over: it took longer than {}", patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
