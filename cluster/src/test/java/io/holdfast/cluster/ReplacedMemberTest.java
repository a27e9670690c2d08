package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that come into a running site and leave it; all in this process. */
class ReplacedMemberTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final UInt128 DEBTOR = new UInt128(1, 1);
  private static final UInt128 CREDITOR = new UInt128(1, 2);

  @TempDir Path directory;

  private final Map<String, Site> sites = new TreeMap<>();
  private final Map<String, HoldfastException> halted = new ConcurrentHashMap<>();
  private final Map<String, Member> members = new TreeMap<>();
  private long next = 100;

  @BeforeEach
  void start() throws IOException {
    for (String name : List.of("n1", "n2", "n3")) {
      members.put(name, new Member(name, "127.0.0.1", FreePort.pick()));
    }
    SiteInit.create(
        directory.resolve("site"),
        "rome",
        members.values().stream()
            .map(member -> new SiteInit.NodePlan(member, List.of(), Map.of()))
            .toList(),
        new SystemClock());
    members.keySet().forEach(this::open);
    await("a leader", () -> leader() != null);
    pay(
        Request.ofAccounts(
            List.of(Account.opening(DEBTOR, 978, 1, 0), Account.opening(CREDITOR, 978, 1, 0))));
    pay(payment());
  }

  @AfterEach
  void stop() {
    sites.values().forEach(Site::close);
  }

  @Test
  void a_successor_is_seeded_takes_the_place_at_once_and_can_carry_the_site() throws IOException {
    String lost = follower();
    closed(lost);
    String fresh = lost + "-2";
    Path home =
        prepared(
            fresh,
            new Member(fresh, "127.0.0.1", Objects.requireNonNull(members.get(lost)).port()),
            lost);
    pay(payment());
    try (Seeding seeding = new Seeding(home, 1L << 30, new SystemClock())) {
      assertThat(seeding.run(state -> {})).isTrue();
    }
    assertThat(Seeding.isDue(home)).isFalse();
    assertThat(Genesis.read(home).seeded()).isTrue();
    open(fresh);
    await("it is a member", () -> names(leaderView()).contains(fresh));
    assertThat(names(leaderView())).hasSize(3).doesNotContain(lost);
    await("it knows that itself", () -> !home.resolve("join.json").toFile().exists());

    String old = String.valueOf(leader());
    closed(old);
    await("a leader without the old one", () -> leader() != null);
    pay(payment());
    long op = leaderView().op();
    await("the successor has it", () -> site(fresh).view().op() >= op);
    assertThat(halted).isEmpty();

    closed(fresh);
    open(fresh);
    open(old);
    await("all are there", () -> sites.values().stream().allMatch(s -> s.view().op() >= op));
    pay(payment());
  }

  @Test
  void a_member_that_was_removed_stops_itself_and_does_not_come_back() {
    String gone = follower();
    await(
        "all are heard",
        () -> leaderView().peers().stream().noneMatch(p -> p.role().equals("unreachable")));
    String said = site(String.valueOf(leader())).removeNode(gone, SOON).join();
    assertThat(said).contains(gone);
    await("it stops itself", () -> halted.containsKey(gone));
    assertThat(halted)
        .hasEntrySatisfying(gone, e -> assertThat(e.code()).isEqualTo("node-removed"));
    assertThat(names(leaderView())).hasSize(2).doesNotContain(gone);
    pay(payment());
    closed(gone);
    halted.clear();
    open(gone);
    await("it is told again", () -> halted.containsKey(gone));
    assertThat(halted)
        .hasEntrySatisfying(gone, e -> assertThat(e.code()).isEqualTo("node-removed"));
  }

  @Test
  void a_removal_that_leaves_no_majority_is_refused_and_so_is_that_of_a_stranger() {
    String dead = follower();
    closed(dead);
    String leader = String.valueOf(leader());
    await(
        "the end is noticed",
        () -> site(leader).view().incidents().stream().anyMatch(i -> i.contains(dead)));
    String other = sites.keySet().stream().filter(n -> !n.equals(leader)).findFirst().orElseThrow();
    assertCode("no-majority-left", leader, other);
    assertCode("unknown-node", leader, "n9");
    assertThat(names(leaderView())).hasSize(3);
    pay(payment());
  }

  private void assertCode(String code, String asked, String node) {
    assertThatThrownBy(() -> site(asked).removeNode(node, SOON).join())
        .isInstanceOf(CompletionException.class)
        .extracting(Throwable::getCause)
        .isInstanceOfSatisfying(HoldfastException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private Path prepared(String name, Member member, String replaces) {
    Path home = directory.resolve("site").resolve(name);
    JoinInit.prepare(
        directory.resolve("site").resolve("ca"),
        directory.resolve("site"),
        new SiteInit.NodePlan(member, List.of(), Map.of()),
        replaces,
        home,
        new SystemClock());
    return home;
  }

  private void open(String node) {
    SiteConfig config =
        new SiteConfig(directory.resolve("site").resolve(node), 300, 600, 4, 65_536, 64 << 20);
    sites.put(node, Site.start(config, new SystemClock(), e -> halted.putIfAbsent(node, e)));
  }

  private Site site(String node) {
    return Objects.requireNonNull(sites.get(node), node);
  }

  private void closed(String node) {
    Site site = sites.remove(node);
    if (site != null) {
      site.close();
    }
  }

  private Request payment() {
    next++;
    return Request.ofTransfers(
        List.of(Transfer.payment(new UInt128(2, next), DEBTOR, CREDITOR, 1, 978, 1)));
  }

  private void pay(Request request) {
    await("a leader", () -> leader() != null);
    Reply reply = site(String.valueOf(leader())).submit(request, SOON).join();
    assertThat(reply.count()).isPositive();
  }

  private @Nullable String leader() {
    return sites.values().stream()
        .map(Site::view)
        .filter(view -> view.role().equals("leader") && view.leaderReady())
        .map(SiteView::nodeId)
        .findFirst()
        .orElse(null);
  }

  private SiteView leaderView() {
    await("a leader", () -> leader() != null);
    return site(String.valueOf(leader())).view();
  }

  private String follower() {
    String leader = String.valueOf(leader());
    return sites.keySet().stream().filter(n -> !n.equals(leader)).findFirst().orElseThrow();
  }

  private static List<String> names(SiteView view) {
    return view.peers().stream().map(SiteView.Peer::nodeId).toList();
  }

  private static void await(String what, BooleanSupplier condition) {
    long until = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(until);
      LockSupport.parkNanos(20_000_000);
    }
  }
}
