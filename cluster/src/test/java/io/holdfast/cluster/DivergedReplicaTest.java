package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.journal.Acts;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes in one process of which one applies another amount than was agreed on: real disks, real
 * connections. Payments go on all the time.
 */
class DivergedReplicaTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int PAYMENTS = 100;
  private static final int GENERATION_EVENTS = 500;

  /** So that a node that is away for a while is not left behind. */
  private static final int LOG_GENERATIONS = 64;

  /** An amount that stands nowhere else in a batch by chance. */
  private static final long TELLTALE = 0x5EED_0BAD_F00DL;

  private static final UnaryOperator<Payloads> HONEST = UnaryOperator.identity();

  @TempDir Path directory;

  private final Map<String, Site> sites = new ConcurrentSkipListMap<>();
  private final Map<String, HoldfastException> halted = new ConcurrentHashMap<>();
  private long acknowledged;
  private @Nullable Request unanswered;
  private long nextId = 1_000;

  @AfterEach
  void stop() throws InterruptedException {
    List<Thread> closing =
        sites.values().stream().map(site -> Thread.ofVirtual().start(site::close)).toList();
    for (Thread one : closing) {
      one.join();
    }
  }

  private void start(int nodes, UnaryOperator<Payloads> ofLast) throws IOException {
    List<SiteInit.NodePlan> plans = new ArrayList<>();
    for (int i = 1; i <= nodes; i++) {
      plans.add(
          new SiteInit.NodePlan(
              new Member("n" + i, "127.0.0.1", FreePort.pick()), List.of(), Map.of()));
    }
    SiteInit.create(directory.resolve("site"), "oslo", plans, new SystemClock());
    for (int i = 1; i <= nodes; i++) {
      open("n" + i, i == nodes ? ofLast : HONEST);
    }
    await("a leader", () -> leader() != null);
    await(
        "all know the leader",
        () -> sites.values().stream().allMatch(site -> site.view().leader() != null));
    site("n1")
        .submit(
            Request.ofAccounts(
                List.of(
                    Account.opening(UInt128.of(1), 1, 1, 0),
                    Account.opening(UInt128.of(2), 1, 1, 0))),
            PATIENCE)
        .join();
  }

  private void open(String node, UnaryOperator<Payloads> payloads) {
    SiteConfig config =
        new SiteConfig(
            home(node),
            300,
            600,
            4,
            65_536,
            64 << 20,
            GENERATION_EVENTS,
            LOG_GENERATIONS,
            PeriodLength.MONTH,
            new SiteConfig.Upkeep(64 << 10, 1L << 30, 3_600_000),
            null,
            0);
    await(
        node + " is open: the one before may still close its connections, and holds the directory",
        () -> {
          try {
            sites.put(
                node,
                Site.start(
                    config,
                    new SystemClock(),
                    Acts.NONE,
                    payloads,
                    e -> halted.putIfAbsent(node, e)));
            return true;
          } catch (HoldfastException e) {
            assertThat(e.message()).contains("already locked");
            return false;
          }
        });
  }

  /** Adds one to the amount of the one payment that gives itself away. */
  private record Astray(Payloads honest) implements Payloads {
    @Override
    public int open(ByteBuffer sealed, byte[] into) {
      int size = honest.open(sealed, into);
      ByteBuffer bytes = ByteBuffer.wrap(into, 0, size).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at + Long.BYTES <= size; at++) {
        if (bytes.getLong(at) == TELLTALE) {
          bytes.putLong(at, TELLTALE + 1);
        }
      }
      return size;
    }
  }

  @Test
  void a_follower_that_differs_is_named_stops_answering_and_rebuilds_itself() throws IOException {
    start(3, Astray::new);
    leadsNot("n3");
    caughtAndRebuilt();
  }

  @Test
  void a_leader_that_differs_gives_up_and_rebuilds_itself() throws IOException {
    start(3, Astray::new);
    lead("n3");
    caughtAndRebuilt();
  }

  private void caughtAndRebuilt() throws IOException {
    pay();
    pay(TELLTALE);
    payUntil("it is caught", () -> halted.containsKey("n3"));
    assertThat(code("n3")).isEqualTo("replica-diverged");
    assertThat(halted.values()).hasSize(1);
    assertThat(Objects.requireNonNull(halted.get("n3")).message()).contains("n1 and n2");
    assertThatThrownBy(
            () -> site("n3").read(false, PATIENCE, q -> q.accounts(List.of(UInt128.of(1)))).join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("unavailable"));
    assertThatThrownBy(() -> site("n3").submit(payment(nextId++, 1), PATIENCE).join())
        .isInstanceOf(CompletionException.class);

    close("n3");
    payUntil(
        "the others name it",
        () ->
            Stream.of("n1", "n2")
                .allMatch(
                    node ->
                        site(node).view().incidents().stream()
                            .anyMatch(
                                said -> said.startsWith("replica-diverged: n3 has another"))));
    rebuild("n3");
    payUntil(
        "it agrees again at later checkpoints",
        () -> site("n3").checkpoints().agreed() >= 4 && incidents().isEmpty());
    assertThat(site("n3").checkpoints().differing()).isZero();
    assertSameDigests();
    halted.remove("n3");
    assertThat(halted).isEmpty();

    close("n3");
    pay();
    open("n3", HONEST);
    payUntil("it agrees after a start", () -> site("n3").checkpoints().agreed() >= 4);
    assertSameDigests();
  }

  private void rebuild(String node) throws IOException {
    assertThat(Seeding.isDue(home(node))).isTrue();
    long journal = bytes(home(node).resolve("journal"));
    Path vote =
        files(home(node).resolve("raft"))
            .filter(f -> f.endsWith("raft-meta"))
            .findAny()
            .orElseThrow();
    byte[] voted = Files.readAllBytes(vote);
    try (Seeding seeding = new Seeding(home(node), 1L << 30, new SystemClock())) {
      assertThat(seeding.run(state -> {})).isTrue();
    }
    assertThat(Seeding.isDue(home(node))).isFalse();
    assertThat(Files.readAllBytes(vote)).isEqualTo(voted);
    List<Path> evidence = list(home(node).resolve("diverged"));
    assertThat(evidence).hasSize(1);
    assertThat(bytes(evidence.getFirst().resolve("journal"))).isEqualTo(journal);
    open(node, HONEST);
  }

  @Test
  void replicas_that_agree_are_never_accused() throws IOException {
    start(3, HONEST);
    pay(TELLTALE);
    payUntil("many checkpoints are compared", () -> compared() >= 30);
    close("n2");
    pay();
    open("n2", HONEST);
    long before = compared();
    payUntil("and more after a start", () -> compared() >= before + 20);
    for (Site site : sites.values()) {
      assertThat(site.checkpoints().differing()).isZero();
      assertThat(site.checkpoints().op()).isPositive();
    }
    assertThat(halted).isEmpty();
    assertSameDigests();
  }

  @Test
  void without_a_majority_both_report_it_and_nobody_stops() throws IOException {
    start(3, Astray::new);
    pay();
    close("n2");
    pay(TELLTALE);
    payUntil(
        "both report it",
        () ->
            sites.values().stream()
                .allMatch(
                    site ->
                        site.view().incidents().stream()
                            .anyMatch(
                                said ->
                                    said.startsWith("replicas-differ: ")
                                        && said.contains("n1")
                                        && said.contains("n3")
                                        && said.contains(" at op "))));
    pay();
    assertThat(halted).isEmpty();
    assertThat(Seeding.isDue(home("n3"))).isFalse();

    open("n2", HONEST);
    payUntil("the third decides", () -> halted.containsKey("n3"));
    assertThat(code("n3")).isEqualTo("replica-diverged");
    assertThat(halted).hasSize(1);
  }

  @Test
  void a_journal_that_is_not_what_consensus_brings_again_is_made_anew() throws IOException {
    start(3, Astray::new);
    pay();
    pay(TELLTALE);
    long op = site("n1").view().op();
    await("n3 journals it", () -> site("n3").journal().syncedOp() >= op);
    close("n3");
    assertThat(halted).isEmpty();

    open("n3", HONEST);
    payUntil("it is found", () -> halted.containsKey("n3"));
    assertThat(code("n3")).isEqualTo("replica-diverged");
    close("n3");
    rebuild("n3");
    payUntil("it agrees", () -> site("n3").checkpoints().agreed() >= 2);
    assertSameDigests();
  }

  @Test
  void a_node_alone_with_such_a_journal_refuses_and_keeps_it_in_its_place() throws IOException {
    start(1, Astray::new);
    pay(TELLTALE);
    close("n1");
    open("n1", HONEST);
    await("it refuses", () -> halted.containsKey("n1"));
    assertThat(code("n1")).isEqualTo("journal-differs");
    assertThat(Seeding.isDue(home("n1"))).isFalse();
  }

  private String code(String node) {
    return Objects.requireNonNull(halted.get(node)).code();
  }

  private long compared() {
    return sites.values().stream().mapToLong(site -> site.checkpoints().agreed()).sum();
  }

  private List<String> incidents() {
    return sites.values().stream().flatMap(site -> site.view().incidents().stream()).toList();
  }

  private void lead(String node) {
    await(
        node + " leads",
        () -> {
          String leader = leader();
          if (leader != null && !leader.equals(node)) {
            try {
              site(leader).handOver(node, Duration.ofSeconds(2)).join();
            } catch (CompletionException e) {
              return false; // asked again
            }
          }
          return node.equals(leader());
        });
  }

  private void leadsNot(String node) {
    if (node.equals(leader())) {
      lead("n1");
    }
  }

  private @Nullable String leader() {
    return sites.values().stream()
        .map(Site::view)
        .filter(view -> view.role().equals("leader") && view.leaderReady())
        .map(SiteView::nodeId)
        .findFirst()
        .orElse(null);
  }

  private void payUntil(String what, BooleanSupplier condition) {
    await(
        what,
        () -> {
          pay();
          return condition.getAsBoolean();
        });
  }

  private void pay() {
    pay(1);
  }

  /**
   * Pays until it is answered, through a node that is not under suspicion. While a node that halted
   * is not closed yet, as its process would be at once, it may hold up the others: then the same
   * payment is the next one.
   */
  private void pay(long first) {
    Request request = unanswered;
    if (request == null) {
      request = payment(nextId, first);
      nextId += PAYMENTS;
    }
    unanswered = request;
    await(
        "a payment is answered",
        () -> isAnswered() || sites.keySet().stream().anyMatch(halted::containsKey));
  }

  private boolean isAnswered() {
    try {
      Reply reply =
          site("n1").submit(Objects.requireNonNull(unanswered), Duration.ofSeconds(5)).join();
      assertThat(reply.transferStatus(0)).isIn(TransferStatus.CREATED, TransferStatus.EXISTS);
      acknowledged += PAYMENTS;
      unanswered = null;
      return true;
    } catch (CompletionException e) {
      return false; // repeated with the same ids
    }
  }

  private static Request payment(long id, long first) {
    List<Transfer> payments = new ArrayList<>();
    for (int i = 0; i < PAYMENTS; i++) {
      payments.add(
          Transfer.payment(
              UInt128.of(id + i), UInt128.of(1), UInt128.of(2), i == 0 ? first : 1, 1, 1));
    }
    return Request.ofTransfers(payments);
  }

  private void assertSameDigests() {
    long op = sites.values().stream().mapToLong(site -> site.view().op()).max().orElseThrow();
    List<StateDigest> digests =
        sites.values().stream().map(site -> site.digest(op, PATIENCE).join()).toList();
    assertThat(digests).hasSize(3).containsOnly(digests.getFirst());
    assertThat(digests.getFirst().conserved()).isTrue();
    assertThat(digests.getFirst().transfers()).isEqualTo(acknowledged);
  }

  private Site site(String node) {
    return Objects.requireNonNull(sites.get(node));
  }

  private void close(String node) {
    Objects.requireNonNull(sites.remove(node)).close();
  }

  private Path home(String node) {
    return directory.resolve("site").resolve(node);
  }

  private static List<Path> list(Path place) throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files.toList();
    }
  }

  private static Stream<Path> files(Path place) throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      return files.filter(Files::isRegularFile).toList().stream();
    }
  }

  private static long bytes(Path place) throws IOException {
    return files(place)
        .mapToLong(
            file -> {
              try {
                return Files.size(file);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .sum();
  }

  private static void await(String what, BooleanSupplier condition) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("waited in vain until " + what);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
