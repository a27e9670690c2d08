package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.journal.JournalIndex;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site of three that is left with one of its nodes; all in this process. */
class CeremonyTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final UInt128 DEBTOR = new UInt128(1, 1);
  private static final UInt128 CREDITOR = new UInt128(1, 2);
  private static final Instant NOW = Instant.parse("2026-11-26T07:00:00Z");

  @TempDir Path directory;

  private final Map<String, Site> sites = new TreeMap<>();
  private final Map<String, HoldfastException> halted = new ConcurrentHashMap<>();
  private OperatorKey zoe;
  private OperatorKey max;
  private long next = 100;
  private int generationEvents = JournalIndex.GENERATION_WEIGHT;

  @BeforeEach
  void payThenStop() throws IOException {
    SiteInit.create(
        directory.resolve("site"),
        "rome",
        Stream.of("n1", "n2", "n3")
            .map(
                name ->
                    new SiteInit.NodePlan(
                        new Member(name, "127.0.0.1", FreePort.pick()), List.of(), Map.of()))
            .toList(),
        new SystemClock());
    openAll();
    pay(
        Request.ofAccounts(
            List.of(Account.opening(DEBTOR, 978, 1, 0), Account.opening(CREDITOR, 978, 1, 0))));
    for (int i = 0; i < 5; i++) {
      pay(payment());
    }
    await("all apply all", () -> sites.values().stream().allMatch(site -> site.view().op() == 6));
    closeAll();
    zoe = OperatorKey.create("zoe", directory.resolve("zoe.key"));
    max = OperatorKey.create("max", directory.resolve("max.key"));
  }

  @AfterEach
  void closeAll() {
    sites.values().parallelStream().forEach(Site::close);
    sites.clear();
  }

  @Test
  void a_survivor_goes_on_alone_with_all_that_it_had_and_old_nodes_are_turned_away() {
    Survivor before = Survivor.read(home("n1"));

    Genesis.Base base = apply(signed());

    assertThat(base.op()).isEqualTo(before.lastOp());
    Genesis genesis = Genesis.read(home("n1"));
    assertThat(genesis.incarnation()).isNotEqualTo(before.genesis().incarnation());
    assertThat(genesis.base()).isEqualTo(base);
    openAlone();
    assertThat(paid()).isEqualTo(UInt128.of(50));
    pay(payment());
    closeAll();
    openAlone(); // from its journal and a log that begins after the base
    pay(payment());
    assertThat(paid()).isEqualTo(UInt128.of(70));

    open("n2");
    await("the old node is turned away", () -> halted.containsKey("n2"));
    assertThat(halted.get("n2")).extracting(HoldfastException::code).isEqualTo("node-removed");
    assertThat(site("n1").view().peers()).hasSize(1);
    pay(payment());
  }

  @Test
  void an_old_node_that_has_to_fetch_what_it_lacks_is_refused_before_it_does() {
    apply(signed());
    openAlone();
    Seeding.noteBehind(home("n2"), 7);

    try (Seeding seeding = new Seeding(home("n2"), 1L << 30, new SystemClock())) {
      assertThatThrownBy(() -> seeding.run(state -> {}))
          .isInstanceOfSatisfying(
              HoldfastException.class, e -> assertThat(e.code()).isEqualTo("other-incarnation"));
    }
  }

  @Test
  void what_the_log_has_beyond_the_journal_is_kept() throws IOException {
    Path earlier = directory.resolve("earlier");
    for (String part : List.of("journal", "index", "checkpoints")) {
      copyTree(home("n1").resolve(part), earlier.resolve(part));
    }
    Files.copy(home("n1").resolve("progress.json"), earlier.resolve("progress.json"));
    openAll();
    for (int i = 0; i < 7; i++) {
      pay(payment());
    }
    closeAll();
    Survivor whole =
        Stream.of("n1", "n2", "n3")
            .map(node -> Survivor.read(home(node)))
            .max(Comparator.comparingLong(Survivor::journalOp))
            .orElseThrow();
    for (String part : List.of("journal", "index", "checkpoints")) {
      deleteTree(home("n1").resolve(part));
      copyTree(earlier.resolve(part), home("n1").resolve(part));
    }
    Files.delete(home("n1").resolve("progress.json"));
    Files.copy(earlier.resolve("progress.json"), home("n1").resolve("progress.json"));
    Survivor behind = Survivor.read(home("n1"));
    assertThat(behind.journalOp()).isLessThan(whole.journalOp());
    assertThat(behind.lastOp()).isEqualTo(whole.journalOp());

    Genesis.Base base = apply(signed());

    assertThat(base).isEqualTo(new Genesis.Base(whole.journalOp(), whole.journalChain()));
    openAlone();
    assertThat(paid()).isEqualTo(UInt128.of(120));
  }

  @Test
  void generations_and_checkpoints_span_incarnations() throws IOException {
    generationEvents = 32;
    openAll();
    for (int i = 0; i < 50; i++) {
      pay(payment());
    }
    closeAll();
    Genesis.Base base = apply(signed());
    openAlone();
    for (int i = 0; i < 400; i++) {
      pay(payment());
    }
    closeAll();
    assertThat(home("n1").resolve("checkpoints")).isNotEmptyDirectory();

    openAlone();

    pay(payment());
    assertThat(paid()).isEqualTo(UInt128.of(4_560));
    closeAll();
    assertThat(Survivor.read(home("n1")).journalOp()).isGreaterThan(base.op() + 400);
    RecoveryProposal again = signed();
    assertThat(apply(again).op()).as("recovered twice").isEqualTo(again.lastOp());
    openAlone();
    pay(payment());
    assertThat(paid()).isEqualTo(UInt128.of(4_570));
  }

  @Test
  void two_different_operators_must_have_signed_exactly_this() {
    RecoveryProposal proposal = proposal();
    assertRefused("not-enough-signatures", proposal);
    assertRefused("not-enough-signatures", proposal.signedBy(zoe));
    assertRefused("not-enough-signatures", proposal.signedBy(zoe).signedBy(zoe));
    OperatorKey stranger = OperatorKey.create("eve", directory.resolve("eve.key"));
    assertRefused("not-enough-signatures", proposal.signedBy(zoe).signedBy(stranger));
    assertRefused("not-enough-signatures", withReason(signed(), "something else"));
    OperatorKey namesake = OperatorKey.create("zoe", directory.resolve("zoe2.key"));
    assertThat(
            proposal
                .signedBy(zoe)
                .signedBy(namesake)
                .signers(List.of(zoe.operator(), namesake.operator())))
        .containsExactly("zoe");
    assertThat(Genesis.read(home("n1")).format()).isEqualTo(Genesis.FORMAT);
    assertThat(home("n1").resolve("recovery.json")).doesNotExist();
  }

  @Test
  void one_key_under_two_names_is_one_operator() throws IOException {
    Path file = directory.resolve("zoe.key");
    Files.writeString(file, Files.readString(file).replace("zoe", "zora"));
    OperatorKey renamed = OperatorKey.read(file);
    RecoveryProposal once = proposal().signedBy(zoe);
    RecoveryProposal other = once.signedBy(renamed);
    List<RecoveryProposal.Signed> both =
        Stream.concat(once.signatures().stream(), other.signatures().stream()).toList();

    assertThat(withSignatures(once, both).signers(List.of(zoe.operator(), renamed.operator())))
        .hasSize(1);
  }

  @Test
  void a_directory_that_is_not_what_was_signed_is_refused() {
    RecoveryProposal proposal = signed();
    openAll();
    pay(payment());
    closeAll();

    assertRefused("proposal-differs", proposal);

    assertThatThrownBy(() -> Ceremony.apply(config("n2"), proposal, trusted()))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("proposal-differs"));
    openAll();
    pay(payment());
  }

  @Test
  void interrupted_after_any_step_it_is_gone_on_with() throws IOException {
    RecoveryProposal proposal = signed();
    Path kept = directory.resolve("kept");
    copyTree(home("n1"), kept);
    Survivor before = Survivor.read(home("n1"));
    for (Ceremony.Step at : Ceremony.Step.values()) {
      deleteTree(home("n1"));
      copyTree(kept, home("n1"));
      assertThatThrownBy(
              () ->
                  Ceremony.apply(
                      config("n1"),
                      proposal,
                      trusted(),
                      step -> {
                        if (step == at) {
                          throw new IllegalStateException("interrupted after " + step);
                        }
                      }))
          .hasMessageContaining("interrupted after " + at);
      if (at != Ceremony.Step.DONE) {
        assertThatThrownBy(() -> open("n1"))
            .as("a start after %s", at)
            .isInstanceOfSatisfying(
                HoldfastException.class,
                e -> assertThat(e.code()).isEqualTo("recovery-unfinished"));
        assertRefused("recovery-unfinished", proposal().signedBy(zoe).signedBy(max));
      }

      assertThat(apply(proposal)).isEqualTo(base(before));
      assertThat(apply(proposal)).as("once more").isEqualTo(base(before));

      Path salvage = home("n1").resolve("salvage/" + before.genesis().incarnation());
      assertThat(salvage.resolve(before.genesis().incarnation() + "/current")).exists();
      assertThat(Genesis.read(salvage)).isEqualTo(before.genesis());
      assertThat(Objects.requireNonNull(MemberList.read(home("n1"))).removed())
          .containsExactlyInAnyOrder("n2", "n3");
    }
    openAlone();
    pay(payment());
    assertThat(paid()).isEqualTo(UInt128.of(60));
    closeAll();
    assertThat(apply(proposal)).as("after it has served").isEqualTo(base(before));
    openAlone();
    assertThat(paid()).isEqualTo(UInt128.of(60));
  }

  @Test
  void a_journal_of_another_history_than_the_base_does_not_start() {
    Genesis.Base base = apply(signed());
    Genesis genesis = Genesis.read(home("n1"));
    new Genesis(
            genesis.format(),
            genesis.ledgerId(),
            genesis.site(),
            genesis.nodeId(),
            genesis.incarnation(),
            genesis.dataKeyId(),
            genesis.members(),
            false,
            new Genesis.Base(base.op(), base.chain().replace('1', '2').replace('a', 'b')),
            genesis.lineage())
        .write(home("n1"));

    assertThatThrownBy(() -> open("n1"))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("base-differs"));
  }

  private static Genesis.Base base(Survivor survivor) {
    return new Genesis.Base(survivor.lastOp(), survivor.journalChain());
  }

  private RecoveryProposal proposal() {
    return RecoveryProposal.from(Survivor.read(home("n1")), "two disks burnt", NOW);
  }

  private RecoveryProposal signed() {
    return proposal().signedBy(zoe).signedBy(max);
  }

  private static RecoveryProposal withReason(RecoveryProposal p, String reason) {
    return changed(p, reason, p.signatures());
  }

  private static RecoveryProposal withSignatures(
      RecoveryProposal p, List<RecoveryProposal.Signed> signatures) {
    return changed(p, p.reason(), signatures);
  }

  private static RecoveryProposal changed(
      RecoveryProposal p, String reason, List<RecoveryProposal.Signed> signatures) {
    return new RecoveryProposal(
        p.format(),
        p.ledgerId(),
        p.site(),
        p.oldIncarnation(),
        p.newIncarnation(),
        p.nodeId(),
        p.host(),
        p.port(),
        p.journalOp(),
        p.journalChain(),
        p.journalIndex(),
        p.logTerm(),
        p.logIndex(),
        p.logDigest(),
        p.lastOp(),
        reason,
        p.proposedAt(),
        signatures);
  }

  private List<Operator> trusted() {
    return List.of(zoe.operator(), max.operator());
  }

  private Genesis.Base apply(RecoveryProposal proposal) {
    return Ceremony.apply(config("n1"), proposal, trusted());
  }

  private void assertRefused(String code, RecoveryProposal proposal) {
    assertThatThrownBy(() -> apply(proposal))
        .isInstanceOfSatisfying(HoldfastException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private Path home(String node) {
    return directory.resolve("site").resolve(node);
  }

  private SiteConfig config(String node) {
    return new SiteConfig(
        home(node),
        300,
        600,
        4,
        65_536,
        64 << 20,
        generationEvents,
        1,
        PeriodLength.MONTH,
        SiteConfig.Upkeep.DEFAULT,
        null,
        0);
  }

  private void openAll() {
    List.of("n1", "n2", "n3").forEach(this::open);
    await("all have a leader", () -> sites.values().stream().allMatch(CeremonyTest::isLed));
  }

  private static boolean isLed(Site site) {
    return site.view().leader() != null;
  }

  private void open(String node) {
    sites.put(node, Site.start(config(node), new SystemClock(), e -> halted.putIfAbsent(node, e)));
  }

  private void openAlone() {
    open("n1");
    await("it leads", () -> site("n1").view().leaderReady());
  }

  private Site site(String node) {
    return Objects.requireNonNull(sites.get(node), node);
  }

  /** Pays, and waits until every node that runs has it. */
  private void pay(Request request) {
    await("a leader", () -> isLed(site("n1")));
    Reply reply = site("n1").submit(request, SOON).join();
    assertThat(reply).isNotNull();
    long op = site("n1").view().op();
    await(
        "all have it",
        () ->
            sites.entrySet().stream()
                .filter(one -> !halted.containsKey(one.getKey()))
                .allMatch(one -> one.getValue().view().op() >= op));
  }

  private Request payment() {
    next++;
    return Request.ofTransfers(
        List.of(Transfer.payment(new UInt128(2, next), DEBTOR, CREDITOR, 10, 978, 1)));
  }

  private UInt128 paid() {
    return site("n1")
        .read(true, SOON, q -> q.accounts(List.of(CREDITOR)).getFirst())
        .join()
        .value()
        .creditsPosted();
  }

  private static void copyTree(Path from, Path to) throws IOException {
    if (!Files.exists(from)) {
      return;
    }
    Files.createDirectories(to.getParent());
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(
            file,
            to.resolve(from.relativize(file).toString()),
            java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    long until = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(until);
      LockSupport.parkNanos(20_000_000);
    }
  }
}
