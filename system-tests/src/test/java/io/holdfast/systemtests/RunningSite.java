package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.HoldfastClient;
import io.holdfast.drill.AdminClient;
import io.holdfast.drill.ClientDoor;
import io.holdfast.drill.Deadline;
import io.holdfast.drill.FreePorts;
import io.holdfast.drill.LoadPlan;
import io.holdfast.drill.LocalSite;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.PaymentDoor;
import io.holdfast.drill.PaymentHistory;
import io.holdfast.drill.PaymentLoad;
import io.holdfast.drill.Proof;
import io.holdfast.drill.RestDoor;
import io.holdfast.drill.SiteProbe;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A site of real node processes for a test, with its data below {@code target/sites}. Closing it
 * kills every process that was started.
 */
final class RunningSite implements AutoCloseable {
  static final Duration READY = Duration.ofMinutes(2);
  static final Duration SOON = Duration.ofSeconds(30);

  /** When payments must go on at the latest after a fault; a second, but for a crowded machine. */
  static final Duration RESUMED = Duration.ofMinutes(1);

  /** How long to wait for the answer to a planned leader change. */
  static final Duration HAND_OVER = Duration.ofSeconds(10);

  /** Far from the ports of a site that someone runs on the same machine. */
  private static final int PORT_BASE = 14_200;

  /** Sites that are made at the same time must not find the same ports free. */
  private static final int PORTS_APART = 600;

  private static final AtomicInteger SITES = new AtomicInteger();
  private static final int SITES_APART_MAX = 20;

  private final LocalSite site;
  private final SiteProbe probe;
  private final HoldfastClient client;

  private RunningSite(LocalSite site) {
    this.site = site;
    this.probe = new SiteProbe(site);
    this.client = newClient(Duration.ofSeconds(20));
  }

  /** Three nodes, started and ready. */
  static RunningSite started(String name) {
    RunningSite site = prepared(name, 3);
    site.startAll();
    return site;
  }

  /** The directories of a site; nothing runs yet. */
  static RunningSite prepared(String name, int nodes) {
    Path directory = Path.of("target", "sites", name).toAbsolutePath();
    deleteTree(directory);
    int base = PORT_BASE + SITES.getAndIncrement() % SITES_APART_MAX * PORTS_APART;
    return new RunningSite(
        LocalSite.init(directory, "test", FreePorts.forNodes(nodes, base), TestLaunch.launch()));
  }

  /** One that another command made; nothing runs yet. */
  static RunningSite found(Path directory) {
    return new RunningSite(LocalSite.find(directory, TestLaunch.launch()));
  }

  void startAll() {
    site.start(READY);
    probe.awaitLeader(SOON);
  }

  LocalSite site() {
    return site;
  }

  SiteProbe probe() {
    return probe;
  }

  List<NodeProcess> nodes() {
    return site.nodes();
  }

  NodeProcess leader() {
    return probe.awaitLeader(SOON);
  }

  NodeProcess follower() {
    return probe.follower(SOON);
  }

  /** Hands leadership to a node, again until it has it. */
  void makeLeader(NodeProcess node) {
    Deadline.await(
        node.name() + " leads",
        RESUMED,
        () -> {
          NodeProcess leader = leader();
          if (leader != node) {
            try {
              new AdminClient(leader.address().admin()).handOver(node.name(), HAND_OVER);
            } catch (HoldfastException e) {
              return false; // not yet: it may just have been elected itself
            }
          }
          return leader() == node;
        });
  }

  /** A client of all gateways. */
  HoldfastClient client() {
    return client;
  }

  HoldfastClient newClient(Duration deadline) {
    return HoldfastClient.builder().gateways(site.gateways()).deadline(deadline).build();
  }

  /** A load through the Java client, its accounts opened, not yet started. */
  PaymentLoad clientLoad(LoadPlan plan) {
    HoldfastClient own = newClient(plan.deadline());
    return load(plan, new ClientDoor(own));
  }

  /** A load through REST and JSON, its accounts opened, not yet started. */
  PaymentLoad restLoad(LoadPlan plan) {
    return load(plan, new RestDoor(site.gateways()));
  }

  private PaymentLoad load(LoadPlan plan, PaymentDoor door) {
    PaymentLoad.openAccounts(plan, client, SOON);
    return new PaymentLoad(plan, door);
  }

  /** A mixture of everything by eight clients, slow enough to leave the machine room to fail. */
  static LoadPlan modest(long seed) {
    return LoadPlan.of(seed, 8).withRequestsPerSecond(60).withDeadline(SOON);
  }

  /**
   * Stops the load and proves it: nothing lost, nothing doubled, nothing refused that is there, the
   * states of all running nodes equal, money conserved. Keeps the histories when that fails.
   */
  Proof prove(PaymentLoad load) {
    load.stop();
    Proof proof;
    try {
      proof = Proof.of(site, load, client);
    } catch (HoldfastException e) {
      tellWhatNodesDo();
      throw e;
    }
    if (!proof.findings().isEmpty()) {
      keep(load);
    }
    assertThat(proof.findings())
        .as("what is wrong after a load of seed %d; see %s", load.plan().seed(), site.directory())
        .isEmpty();
    assertThat(proof.verdict().acknowledged()).isPositive();
    return proof;
  }

  /** What each node said last and what its threads do, before another test takes its place. */
  private void tellWhatNodesDo() {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Path directory = Path.of("target", "threads").toAbsolutePath();
    for (NodeProcess node : nodes()) {
      Path threads = directory.resolve(site.directory().getFileName() + "-" + node.name() + ".txt");
      Printed.line(
          "%s, threads in %s, said last:%n%s".formatted(node.name(), threads, node.lastLines()));
      try {
        Files.createDirectories(directory);
        Process dump =
            new ProcessBuilder(jcmd.toString(), Long.toString(node.pid()), "Thread.print")
                .redirectErrorStream(true)
                .redirectOutput(threads.toFile())
                .start();
        dump.onExit().orTimeout(10, TimeUnit.SECONDS).join();
      } catch (IOException | CompletionException e) {
        Printed.line("no threads of " + node.name() + ": " + e);
      }
    }
  }

  private void keep(PaymentLoad load) {
    try {
      for (PaymentHistory history : load.histories()) {
        history.writeTo(site.directory().resolve("history-" + history.client()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts what does not run, wakes what hangs, and waits until all have caught up. */
  void awaitWhole() {
    for (NodeProcess node : nodes()) {
      if (node.isHung()) {
        node.resume();
      }
      if (!node.isAlive()) {
        site.restart(node);
      }
    }
    for (NodeProcess node : nodes()) {
      probe.awaitCaughtUp(node, READY);
    }
  }

  @Override
  public void close() {
    client.close();
    site.close();
  }

  /** Runs {@code holdfast node …} on this site's directory, and takes in what it wrote. */
  HoldfastCommand nodeCommand(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("node"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--dir", site.directory().toString()));
    HoldfastCommand done = HoldfastCommand.run(site.directory().resolve("commands"), all);
    assertThat(done.exitCode()).as(done.output() + done.errors()).isZero();
    site.reread();
    return done;
  }

  /** The members as the node that leads knows them. */
  List<String> members() {
    return new AdminClient(leader().address().admin())
        .status(SOON)
        .path("nodes")
        .valueStream()
        .map(n -> n.path("node").asText())
        .toList();
  }

  static void copyTree(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void deleteTree(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
