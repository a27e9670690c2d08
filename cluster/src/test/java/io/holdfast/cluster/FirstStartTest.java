package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.journal.Acts;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The very first start of a site, of which some nodes come late. */
class FirstStartTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;

  private final Map<String, Site> sites = new TreeMap<>();
  private final List<HoldfastException> halted = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    sites.values().forEach(Site::close);
  }

  @Test
  void a_node_that_is_started_again_before_all_are_there_is_not_taken_for_one_that_lost_its_disk()
      throws IOException {
    create();
    open("n1");
    open("n2");
    await(() -> role("n1", "n2") && role("n2", "n1"), "the two to hear each other");
    letElectionsFallDue();
    assertThat(role("n1", "n2")).as("nobody takes part before all are there").isTrue();

    for (int again = 0; again < 3; again++) {
      Objects.requireNonNull(sites.remove("n2")).close();
      open("n2");
      await(() -> role("n1", "n2") && role("n2", "n1"), "the two to hear each other again");
    }
    open("n3");

    await(() -> sites.values().stream().anyMatch(site -> site.view().leaderReady()), "a leader");
    await(
        () -> sites.values().stream().allMatch(site -> site.view().incidents().isEmpty()),
        "all to hear each other");
    assertThat(halted).isEmpty();
  }

  @Test
  void nobody_can_pay_before_a_lost_disk_would_be_seen_by_whoever_is_left() throws IOException {
    create();
    open("n1");
    open("n2");
    open("n3");
    await(() -> sites.values().stream().anyMatch(site -> site.view().leaderReady()), "a leader");

    Map<String, Set<String>> met = new TreeMap<>();
    for (String node : sites.keySet()) {
      Progress written = Objects.requireNonNull(Progress.read(home(node)));
      met.put(node, written.met().keySet());
    }

    assertThat(sites.keySet())
        .as("whoever is wiped, one that is left refuses one of them: %s", met)
        .anyMatch(
            node ->
                sites.keySet().stream()
                    .filter(other -> !other.equals(node))
                    .allMatch(
                        other ->
                            Objects.requireNonNull(met.get(node)).contains(other)
                                && Objects.requireNonNull(met.get(other)).contains(node)));
    assertThat(halted).isEmpty();
  }

  @Test
  void a_node_acts_only_when_all_others_have_it_on_disk_that_it_does() throws IOException {
    create();
    open("n1");
    open("n2");
    open("n3");
    Set<String> acting = new HashSet<>();
    await(
        () -> {
          for (String node : sites.keySet()) {
            if (!acting.contains(node) && isKnown(node)) {
              for (String other : sites.keySet()) {
                assertThat(other.equals(node) || hasMet(other, node))
                    .as("%s has it on disk that %s takes part", other, node)
                    .isTrue();
              }
              acting.add(node);
            }
          }
          return acting.size() == 3;
        },
        "all to act");
    assertThat(halted).isEmpty();
  }

  private boolean isKnown(String node) {
    Progress written = Progress.read(home(node));
    return written != null && written.known();
  }

  private boolean hasMet(String self, String met) {
    Progress written = Progress.read(home(self));
    return written != null && written.met().containsKey(met);
  }

  private void create() throws IOException {
    List<SiteInit.NodePlan> plans = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      plans.add(
          new SiteInit.NodePlan(
              new Member("n" + i, "127.0.0.1", FreePort.pick()), List.of(), Map.of()));
    }
    SiteInit.create(directory.resolve("site"), "bern", plans, new SystemClock());
  }

  private Path home(String node) {
    return directory.resolve("site").resolve(node);
  }

  /** Whether a node hears that another starts. */
  private boolean role(String of, String heard) {
    return Objects.requireNonNull(sites.get(of)).view().peers().stream()
        .anyMatch(peer -> peer.nodeId().equals(heard) && peer.role().equals("starting"));
  }

  /** Several times as long as a node that takes part waits before it wants to lead. */
  private static void letElectionsFallDue() {
    long until = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
  }

  private void open(String node) {
    SiteConfig config = new SiteConfig(home(node), 300, 600, 4, 65_536, 64 << 20);
    sites.put(node, Site.start(config, new SystemClock(), Acts.NONE, halted::add));
  }

  private static void await(BooleanSupplier condition, String what) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("waited in vain for " + what);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
