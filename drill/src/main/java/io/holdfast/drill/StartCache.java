package io.holdfast.drill;

import io.holdfast.client.HoldfastClient;
import io.holdfast.kernel.HoldfastException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ahead-of-time cache of the JVM: classes as they are after loading and linking, and what the
 * compilers learned, so that a node starts in half the time. It belongs to one class path of jars
 * and one JVM; where it does not fit, the JVM goes on without it.
 */
public final class StartCache {
  /** Its name; it lies beside the jars. */
  public static final String FILE = "holdfast.aot";

  /** The flag with which a JVM makes a cache when it ends. */
  static final String LEARN = "-XX:AOTCacheOutput=";

  private static final Logger LOG = LoggerFactory.getLogger(StartCache.class);

  private static final Duration READY = Duration.ofMinutes(2);
  private static final Duration WRITTEN = Duration.ofMinutes(2);
  private static final int HEAP_MIB = 384;
  private static final long SEED = 1;

  private StartCache() {}

  /** Where the cache of a class path lies: beside its first jar. */
  public static Path placeBeside(String classPath) {
    return Path.of(classPath.split(File.pathSeparator, 2)[0]).toAbsolutePath().resolveSibling(FILE);
  }

  /** The flags of the JVM that make use of the cache beside a class path, if there is one. */
  static List<String> flags(String classPath) {
    Path file = placeBeside(classPath);
    return Files.isRegularFile(file) ? flags(file) : List.of();
  }

  /**
   * The flags of the JVM that make use of a cache; what of it does not fit is passed in silence.
   */
  public static List<String> flags(Path file) {
    return List.of("-XX:AOTCache=" + file, "-Xlog:aot*=off");
  }

  /** Whether a cache can be made for this class path: the JVM makes them for jars alone. */
  public static boolean fits(String classPath) {
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      if (!entry.isEmpty() && Files.isDirectory(Path.of(entry))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Makes the cache: three nodes are paid at for a while, and one of them writes down what it
   * needed.
   *
   * @param file is replaced when the cache is whole
   * @param scratch a directory that does not exist yet; the caller removes it
   */
  public static void make(Path file, Path scratch, NodeLaunch launch, Duration paying) {
    Path made = scratch.toAbsolutePath().resolveSibling(scratch.getFileName() + ".aot");
    try (LocalSite site =
        LocalSite.init(
            scratch,
            "start-cache",
            FreePorts.forNodes(3, FreePorts.DEFAULT_BASE),
            launch.withHeapMiB(HEAP_MIB))) {
      NodeProcess learner = site.nodes().getFirst();
      learner.launch(learner.launch().withJvmFlags(LEARN + made));
      site.start(READY);
      pay(site, learner, paying);
      learner.stop(WRITTEN);
      if (!Files.isRegularFile(made)) {
        throw new HoldfastException(
            "start-cache-failed",
            "the JVM did not write " + made + "; the last it said: " + learner.lastLines(),
            "nodes start without it as well, only slower");
      }
      Files.move(made, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new HoldfastException(
          "start-cache-failed",
          "the cache cannot be put to " + file + ": " + e,
          "nodes start without it as well, only slower",
          e);
    }
  }

  /** Where it does not come about, as on a busy machine, the cache only knows a little less. */
  private static void handOver(NodeProcess from, NodeProcess to) {
    try {
      new AdminClient(from.address().admin()).handOver(to.name(), READY);
    } catch (HoldfastException e) {
      LOG.info("the start cache is made without a leader change: {}", e.message());
    }
  }

  /** Payments by both doors, while the learner leads and while it follows. */
  private static void pay(LocalSite site, NodeProcess learner, Duration paying) {
    SiteProbe probe = new SiteProbe(site);
    LoadPlan plan = LoadPlan.of(SEED, 8);
    try (HoldfastClient client = HoldfastClient.builder().gateways(site.gateways()).build();
        PaymentLoad batches = new PaymentLoad(plan, new ClientDoor(client));
        PaymentLoad singles =
            new PaymentLoad(LoadPlan.of(SEED + 1, 8), new RestDoor(site.gateways()))) {
      PaymentLoad.openAccounts(batches.plan(), client, READY);
      PaymentLoad.openAccounts(singles.plan(), client, READY);
      batches.start();
      singles.start();
      Deadline.letPass(paying.dividedBy(2));
      NodeProcess leader = probe.awaitLeader(READY);
      NodeProcess next = leader == learner ? probe.follower(READY) : learner;
      handOver(leader, next);
      Deadline.letPass(paying.dividedBy(2));
      batches.stop();
      singles.stop();
      probe.digests(READY);
    }
  }
}
