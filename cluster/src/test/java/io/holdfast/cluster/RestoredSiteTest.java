package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.journal.Branch;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.FileKind;
import io.holdfast.journal.JournalAudit;
import io.holdfast.journal.JournalCut;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sites that go on with the history of one that is gone; all in this process. */
class RestoredSiteTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final UInt128 DEBTOR = new UInt128(1, 1);
  private static final UInt128 CREDITOR = new UInt128(1, 2);

  @TempDir Path directory;

  private final Map<Path, Site> sites = new TreeMap<>();
  private final Map<Path, HoldfastException> halted = new ConcurrentHashMap<>();
  private final List<Member> members = new ArrayList<>();
  private long next = 100;

  @BeforeEach
  void payThenStop() throws IOException {
    for (String name : List.of("n1", "n2", "n3")) {
      members.add(new Member(name, "127.0.0.1", FreePort.pick()));
    }
    SiteInit.create(directory.resolve("old"), "rome", plans(1), new SystemClock());
    open("old", "n1");
    pay(
        Request.ofAccounts(
            List.of(Account.opening(DEBTOR, 978, 1, 0), Account.opening(CREDITOR, 978, 1, 0))));
    for (int i = 0; i < 5; i++) {
      pay(payment());
    }
    closeAll();
  }

  @AfterEach
  void closeAll() {
    sites.values().parallelStream().forEach(Site::close);
    sites.clear();
  }

  @Test
  void a_restored_site_has_the_old_balances_pays_on_in_the_next_epoch_and_can_be_verified()
      throws IOException {
    restore("new", 4, 7);
    openAll("new");
    assertThat(paid()).isEqualTo(UInt128.of(30));
    pay(payment());
    assertThat(paid()).isEqualTo(UInt128.of(40));
    closeAll();
    openAll("new");
    pay(payment());
    assertThat(paid()).isEqualTo(UInt128.of(50));
    closeAll();
    for (String node : List.of("n1", "n2", "n3")) {
      Path home = directory.resolve("new").resolve(node);
      JournalPlaces places = JournalPlaces.in(home);
      JournalAudit.Result audit =
          JournalAudit.verify(
              SystemDisk.INSTANCE,
              places.segments(),
              places.runs(),
              places.checkpoints(),
              DataKey.read(home.resolve("keys").resolve(DataKey.FILE)),
              segment -> {});
      assertThat(audit.isWhole()).isTrue();
      assertThat(audit.segments()).hasSize(2);
      assertThat(audit.segments().getLast().firstOp()).isEqualTo(5);
    }
  }

  @Test
  void a_node_of_a_restored_site_can_be_replaced() throws IOException {
    restore("new", 4, 7);
    openAll("new");
    pay(payment());
    Path lost = follower();
    String name = String.valueOf(lost.getFileName());
    Objects.requireNonNull(sites.remove(lost)).close();
    Member place = members.stream().filter(m -> m.nodeId().equals(name)).findFirst().orElseThrow();
    Path home = directory.resolve("new").resolve(name + "-2");
    JoinInit.prepare(
        directory.resolve("new").resolve("ca"),
        directory.resolve("new"),
        new SiteInit.NodePlan(
            new Member(name + "-2", place.host(), place.port()), List.of(), Map.of()),
        name,
        home,
        new SystemClock());
    try (Seeding seeding = new Seeding(home, 1L << 30, new SystemClock())) {
      assertThat(seeding.run(state -> {})).isTrue();
    }
    assertThat(Genesis.read(home).format()).isEqualTo(Genesis.FORMAT_BRANCHED);
    assertThat(Genesis.read(home).lineage())
        .isEqualTo(Genesis.read(directory.resolve("new/n1")).lineage());
    open("new", name + "-2");
    pay(payment());
    long op = leader().view().op();
    await("the new node has it", () -> site(home).view().op() >= op);
    assertThat(halted).isEmpty();
  }

  @Test
  void two_restores_of_one_backup_are_two_branches_that_refuse_each_other() throws IOException {
    restore("first", 4, 7);
    restore("second", 4, 8);
    Genesis one = Genesis.read(directory.resolve("first/n1"));
    Genesis other = Genesis.read(directory.resolve("second/n1"));
    assertThat(one.incarnation()).isNotEqualTo(other.incarnation());
    assertThat(one.base()).isEqualTo(other.base());
    assertThat(one.lineage()).isNotEqualTo(other.lineage());
    assertThat(one.lineage().current().epoch()).isEqualTo(2);

    // The journal of one does not open as that of the other, wherever it comes from.
    openAll("first");
    pay(payment());
    long paid = leader().view().op();
    await("n1 has it", () -> site(directory.resolve("first/n1")).view().op() >= paid);
    closeAll();
    for (Path file : files(directory.resolve("first/n1/journal"))) {
      Path copy = directory.resolve("second/n1/journal").resolve(file.getFileName());
      Files.deleteIfExists(copy);
      Files.copy(file, copy);
    }
    HoldfastException e = Identities.refusal(() -> open("second", "n1"));
    assertThat(e.code()).isEqualTo("wrong-lineage");
  }

  @Test
  void a_directory_that_is_there_is_not_touched() throws IOException {
    Files.createDirectories(directory.resolve("new/n1"));
    HoldfastException e = Identities.refusal(() -> restore("new", 4, 7));
    assertThat(e.code()).isEqualTo("directory-not-empty");
    assertThat(files(directory.resolve("new/n1"))).isEmpty();
  }

  /** As a restore from a backup prepares it: up to an op, in a branch of its own. */
  private void restore(String to, long op, long branch) throws IOException {
    Path old = directory.resolve("old/n1");
    Path prepared = Files.createDirectory(directory.resolve("prepared-" + to));
    JournalPlaces places = JournalPlaces.in(prepared);
    for (FileKind kind : FileKind.values()) {
      Files.createDirectories(places.directory(kind));
      for (Path file : files(JournalPlaces.in(old).directory(kind))) {
        Files.copy(file, places.directory(kind).resolve(file.getFileName()));
      }
    }
    DataKey dataKey = DataKey.read(old.resolve("keys").resolve(DataKey.FILE));
    JournalCut.End end = JournalCut.after(SystemDisk.INSTANCE, places.segments(), dataKey, op);
    String chain = HexFormat.of().formatHex(end.chain());
    List<Branch> branches = new ArrayList<>(end.lineage().branches());
    branches.add(
        new Branch(end.lineage().current().epoch() + 1, UInt128.of(branch), op + 1, chain));
    RestoredSite.create(
        directory.resolve(to),
        "rome",
        plans(3),
        new RestoredSite.History(
            dataKey,
            new Lineage(end.lineage().ledgerId(), branches),
            new Genesis.Base(op, chain),
            places,
            old.resolve("keys").resolve("details")),
        new SystemClock(),
        made -> {});
  }

  private List<SiteInit.NodePlan> plans(int count) {
    return members.stream()
        .limit(count)
        .map(member -> new SiteInit.NodePlan(member, List.of(), Map.of()))
        .toList();
  }

  private static List<Path> files(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private void openAll(String site) {
    for (String node : List.of("n1", "n2", "n3")) {
      open(site, node);
    }
  }

  private void open(String site, String node) {
    Path home = directory.resolve(site).resolve(node);
    SiteConfig config = new SiteConfig(home, 300, 600, 4, 65_536, 64 << 20);
    sites.put(home, Site.start(config, new SystemClock(), e -> halted.putIfAbsent(home, e)));
  }

  private Site site(Path home) {
    return Objects.requireNonNull(sites.get(home), home.toString());
  }

  private @Nullable Site leading() {
    return sites.values().stream()
        .filter(site -> site.view().role().equals("leader") && site.view().leaderReady())
        .findFirst()
        .orElse(null);
  }

  private Site leader() {
    await("a leader", () -> leading() != null);
    return Objects.requireNonNull(leading());
  }

  private Path follower() {
    Site leader = leader();
    return sites.entrySet().stream()
        .filter(one -> one.getValue() != leader)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private void pay(Request request) {
    Reply reply = leader().submit(request, SOON).join();
    assertThat(reply.count()).isPositive();
  }

  private Request payment() {
    next++;
    return Request.ofTransfers(
        List.of(Transfer.payment(new UInt128(2, next), DEBTOR, CREDITOR, 10, 978, 1)));
  }

  private UInt128 paid() {
    return leader()
        .read(true, SOON, q -> q.accounts(List.of(CREDITOR)).getFirst())
        .join()
        .value()
        .creditsPosted();
  }

  private static void await(String what, BooleanSupplier condition) {
    long until = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(until);
      LockSupport.parkNanos(20_000_000);
    }
  }
}
