package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.journal.Acts;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.ledger.TransferStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes in one process: real disks, real connections, real certificates. */
class SiteTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir Path directory;

  private final Map<String, Site> sites = new java.util.TreeMap<>();
  private final List<HoldfastException> halted = new CopyOnWriteArrayList<>();
  private final List<String> acts = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws IOException {
    List<SiteInit.NodePlan> plans = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      plans.add(
          new SiteInit.NodePlan(
              new Member("n" + i, "127.0.0.1", FreePort.pick()), List.of(), Map.of()));
    }
    SiteInit.create(directory.resolve("site"), "paris", plans, new SystemClock());
    for (String node : List.of("n1", "n2", "n3")) {
      open(node);
    }
    await(() -> leader() != null, "a leader");
    await(
        () -> sites.values().stream().allMatch(site -> site.view().incidents().isEmpty()),
        "all to hear each other");
  }

  @AfterEach
  void stop() throws InterruptedException {
    List<Thread> closing =
        sites.values().stream().map(site -> Thread.ofVirtual().start(site::close)).toList();
    for (Thread one : closing) {
      one.join();
    }
    assertThat(halted).isEmpty();
  }

  @Test
  void any_node_takes_payments_and_all_come_to_the_same_state() {
    openAccounts(site("n1"), 1, 2);
    for (int i = 0; i < 30; i++) {
      Site site = site("n" + (1 + i % 3));
      Reply reply = pay(site, 100 + i, 1, 2, 10);
      assertThat(reply.transferStatus(0)).isEqualTo(TransferStatus.CREATED);
    }

    for (Site site : sites.values()) {
      Account account =
          site.read(true, PATIENCE, q -> q.accounts(List.of(UInt128.of(2))).getFirst())
              .join()
              .value();
      assertThat(account.creditsPosted()).isEqualTo(UInt128.of(300));
    }
    assertSameDigests();
  }

  @Test
  void a_repeated_payment_exists_and_is_counted_once() {
    openAccounts(site("n1"), 1, 2);
    pay(site("n1"), 100, 1, 2, 10);

    Reply again = pay(site("n2"), 100, 1, 2, 10);

    assertThat(again.transferStatus(0)).isEqualTo(TransferStatus.EXISTS);
    assertSameDigests();
  }

  @Test
  void a_planned_leader_change_loses_no_request() {
    openAccounts(site("n1"), 1, 2);
    List<CompletableFuture<Reply>> replies = new ArrayList<>();
    String before = Objects.requireNonNull(leader());
    CompletableFuture<String> handOver = null;
    for (int i = 0; i < 2_000; i++) {
      replies.add(site("n" + (1 + i % 3)).submit(payment(1_000 + i, 1, 2, 1), PATIENCE));
      if (i == 500) {
        handOver = site(before).handOver(null, Duration.ofSeconds(5));
      }
      if (i % 50 == 0) {
        replies.getLast().join();
      }
    }

    assertThat(Objects.requireNonNull(handOver).join()).isNotEqualTo(before);
    for (CompletableFuture<Reply> reply : replies) {
      assertThat(reply.join().transferStatus(0)).isEqualTo(TransferStatus.CREATED);
    }
    assertSameDigests();
    UInt128 paid =
        site("n1")
            .read(true, PATIENCE, q -> q.accounts(List.of(UInt128.of(1))).getFirst())
            .join()
            .value()
            .debitsPosted();
    assertThat(paid).as("each payment once").isEqualTo(UInt128.of(2_000));
  }

  @Test
  void changes_of_leadership_and_an_absent_node_are_told_to_the_log_once() {
    String before = Objects.requireNonNull(leader());
    await(() -> told(before + " leadership-gained") == 1, "the first leader's act");
    String after = site(before).handOver(null, PATIENCE).join();
    await(() -> told(after + " leadership-gained") == 1, "the second leader's act");
    await(() -> told(before + " leadership-lost") == 1, "the first leader's end");
    String other =
        sites.keySet().stream()
            .filter(node -> !node.equals(before) && !node.equals(after))
            .findFirst()
            .orElseThrow();

    closing(other).close();

    String incident = after + " incident-%s [incident, node-unreachable " + other;
    await(() -> told(incident.formatted("began")) == 1, "the begin of its absence");
    open(other);
    await(() -> told(incident.formatted("ended")) == 1, "the end of its absence");
    assertThat(told(incident.formatted("began"))).isOne();
  }

  private long told(String beginning) {
    return acts.stream().filter(act -> act.startsWith(beginning)).count();
  }

  @Test
  void a_node_that_restarts_replays_its_log_and_catches_up() {
    openAccounts(site("n1"), 1, 2);
    pay(site("n1"), 100, 1, 2, 10);
    closing("n3").close();
    pay(site("n1"), 101, 1, 2, 10);

    open("n3");

    assertSameDigests();
  }

  @Test
  void a_node_that_lost_its_data_is_refused_by_those_who_knew_it() throws IOException {
    openAccounts(site("n1"), 1, 2);
    await(() -> site("n1").view().incidents().isEmpty(), "all to be heard");
    closing("n3").close();
    Path home = directory.resolve("site").resolve("n3");
    try (Stream<Path> files = Files.walk(home.resolve("raft"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }

    assertRefused("log-lost");
    Files.delete(home.resolve("progress.json"));
    assertRefused("lost-disk");
    assertThat(pay(site("n1"), 100, 1, 2, 10).transferStatus(0)).isEqualTo(TransferStatus.CREATED);
  }

  private void assertRefused(String code) {
    assertThatThrownBy(() -> open("n3"))
        .isInstanceOfSatisfying(HoldfastException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void without_a_majority_nothing_is_taken_and_the_error_says_so() {
    openAccounts(site("n1"), 1, 2);
    closing("n2").close();
    closing("n3").close();
    Site alone = site("n1");
    await(() -> alone.view().leader() == null, "no leader");

    Throwable failure =
        alone.submit(payment(100, 1, 2, 10), Duration.ofSeconds(30)).handle((reply, e) -> e).join();

    assertThat(failure)
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("no-leader"));
    open("n2");
    await(() -> leader() != null, "a leader again");
    assertThat(pay(alone, 100, 1, 2, 10).transferStatus(0)).isEqualTo(TransferStatus.CREATED);
  }

  @Test
  void an_expired_reservation_is_released_by_itself_on_all_nodes() {
    openAccounts(site("n1"), 1, 2);
    Transfer plain = Transfer.payment(UInt128.of(100), UInt128.of(1), UInt128.of(2), 10, 1, 1);
    Transfer pending =
        new Transfer(
            plain.id(),
            plain.debitAccountId(),
            plain.creditAccountId(),
            plain.amount(),
            UInt128.ZERO,
            UInt128.ZERO,
            0,
            0,
            1,
            1,
            1,
            TransferFlags.PENDING,
            0);
    site("n1").submit(Request.ofTransfers(List.of(pending)), PATIENCE).join();
    assertThat(pendingDebits(site("n2"))).isEqualTo(UInt128.of(10));

    await(() -> pendingDebits(site("n2")).isZero(), "the release");

    assertSameDigests();
  }

  private static UInt128 pendingDebits(Site site) {
    return site.read(true, PATIENCE, q -> q.accounts(List.of(UInt128.of(1))).getFirst())
        .join()
        .value()
        .debitsPending();
  }

  private Site site(String node) {
    return Objects.requireNonNull(sites.get(node));
  }

  private Site closing(String node) {
    return Objects.requireNonNull(sites.remove(node));
  }

  private void open(String node) {
    SiteConfig config =
        new SiteConfig(directory.resolve("site").resolve(node), 300, 600, 4, 65_536, 64 << 20);
    Acts told =
        (kind, actor, fields) -> acts.add(node + " " + kind.label() + " " + List.of(fields));
    sites.put(node, Site.start(config, new SystemClock(), told, halted::add));
  }

  private @org.jspecify.annotations.Nullable String leader() {
    return sites.values().stream()
        .map(Site::view)
        .filter(view -> view.role().equals("leader") && view.leaderReady())
        .map(SiteView::nodeId)
        .findFirst()
        .orElse(null);
  }

  private static void openAccounts(Site site, long... ids) {
    List<Account> accounts =
        java.util.Arrays.stream(ids)
            .mapToObj(id -> Account.opening(UInt128.of(id), 1, 1, 0))
            .toList();
    Reply reply = site.submit(Request.ofAccounts(accounts), PATIENCE).join();
    assertThat(IntStream.range(0, ids.length).mapToObj(reply::accountStatus))
        .containsOnly(AccountStatus.CREATED);
  }

  private static Request payment(long id, long debit, long credit, long amount) {
    return Request.ofTransfers(
        List.of(
            Transfer.payment(UInt128.of(id), UInt128.of(debit), UInt128.of(credit), amount, 1, 1)));
  }

  private static Reply pay(Site site, long id, long debit, long credit, long amount) {
    return site.submit(payment(id, debit, credit, amount), PATIENCE).join();
  }

  private void assertSameDigests() {
    long op = sites.values().stream().mapToLong(site -> site.view().op()).max().orElseThrow();
    List<StateDigest> digests =
        sites.values().stream().map(site -> site.digest(op, PATIENCE).join()).toList();
    assertThat(digests).containsOnly(digests.getFirst());
    assertThat(digests.getFirst().conserved()).isTrue();
  }

  private static void await(BooleanSupplier condition, String what) {
    long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("waited in vain for " + what);
      }
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
    }
  }
}
