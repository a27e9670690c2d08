package io.holdfast.benchmarks;

import io.holdfast.client.HoldfastClient;
import io.holdfast.drill.FreePorts;
import io.holdfast.drill.LocalSite;
import io.holdfast.drill.NodeLaunch;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.SiteProbe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A fresh site of three nodes, each with fsync, mutual TLS and a heap of 1 GiB, in a directory that
 * is deleted at the end. The directory lies in {@code -Dholdfast.bench.dir}, by default {@code
 * target/bench}: it must be on the disk that is to be measured.
 */
final class BenchSite implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int PORT_BASE = 27_200;

  private final LocalSite site;
  private final SiteProbe probe;

  private BenchSite(LocalSite site) {
    this.site = site;
    this.probe = new SiteProbe(site);
  }

  /**
   * Starts it.
   *
   * @param options {@code nodes} (3), {@code heap} in MiB (1024), {@code jvm} (further flags,
   *     separated by commas)
   */
  static BenchSite start(Options options) {
    return start(options, node -> {});
  }

  /**
   * As the other.
   *
   * @param prepare what is done to each node's files before it starts
   */
  static BenchSite start(Options options, Consumer<NodeProcess> prepare) {
    Path parent = Path.of(System.getProperty("holdfast.bench.dir", "target/bench"));
    Path directory = parent.resolve("site").toAbsolutePath();
    BenchDirectory.delete(directory);
    NodeLaunch launch =
        NodeLaunch.likeThisProcess()
            .withHeapMiB(options.number("heap", NodeLaunch.DEFAULT_HEAP_MIB))
            .withJvmFlags("-XX:+AlwaysPreTouch");
    for (String flag : options.word("jvm", "").split(",", -1)) {
      launch = flag.isEmpty() ? launch : launch.withJvmFlags(flag);
    }
    LocalSite site =
        LocalSite.init(
            directory, "bench", FreePorts.forNodes(options.number("nodes", 3), PORT_BASE), launch);
    site.nodes().forEach(prepare);
    site.start(PATIENCE);
    BenchSite started = new BenchSite(site);
    started.probe.awaitLeader(PATIENCE);
    return started;
  }

  LocalSite site() {
    return site;
  }

  SiteProbe probe() {
    return probe;
  }

  HoldfastClient client(Duration deadline, int requestsInFlight) {
    return HoldfastClient.builder()
        .gateways(site.gateways())
        .deadline(deadline)
        .requestsInFlight(requestsInFlight)
        .build();
  }

  /** The consensus term as the leader knows it; it grows with every election. */
  long term() {
    return probe.view(probe.awaitLeader(PATIENCE)).map(SiteProbe.NodeView::term).orElse(-1L);
  }

  @Override
  public void close() {
    site.close();
    BenchDirectory.delete(site.directory());
  }
}
