package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.vault.HostileHttp.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Backups, the stream, proofs, expiry and restores with a real store that speaks S3, which is busy,
 * slow, answers half or is away: what is acknowledged is whole, and nothing is lost.
 */
class S3VaultTest {
  private static final Attempts.Patience LONG =
      new Attempts.Patience(60_000, 60_000, 20_000, 128 << 10, 5, 50);
  private static final Attempts.Patience SHORT =
      new Attempts.Patience(300, 300, 5_000, 64 << 20, 5, 20);
  private static final Fault AWAY = Fault.error(503, "SlowDown");

  @TempDir static Path directory;
  private static S3Server server;
  private static int nodes;

  private final String prefix = UUID.randomUUID().toString();
  private final RepositoryKeys keys = RepositoryKeys.create();
  private HostileHttp http;
  private LedgerNode node;
  private Vault vault;
  private Vault hasty;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start(Files.createDirectory(directory.resolve("store")));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void open() throws IOException {
    http = HostileHttp.before(server.port());
    vault = vault(LONG);
    hasty = vault(SHORT);
    int number = nodes++;
    node = LedgerNode.create(directory.resolve("node-" + number), number);
  }

  @AfterEach
  void close() {
    node.close();
    vault.close();
    hasty.close();
    http.close();
  }

  private Vault vault(Attempts.Patience patience) {
    return new Vault(
        Buckets.open(S3Server.location(http.url(), prefix), S3Server.CREDENTIALS, patience), keys);
  }

  private static Backup.Result backUp(LedgerNode node, Vault into) {
    return Backup.run(into, node.synced(), Backup.Options.USUAL, new SystemClock(), Telling.NONE);
  }

  private TailStream stream(Vault into) {
    TailStream stream = new TailStream(into, node.synced(), SystemDisk.INSTANCE);
    assertThat(stream.find()).isTrue();
    return stream;
  }

  private VerifyResult verify() {
    return Verify.run(vault, List.of(), new Verify.Mode.Whole(), new SystemClock(), Telling.NONE);
  }

  private static ExpirePlan expire(Vault of) {
    Retention newest = new Retention(1, 0, 0, 0, Duration.ZERO);
    return new Expire(of, new SystemClock(), Pause.SYSTEM, Telling.NONE)
        .apply(new Expire.Wanted(newest, Set.of()), Duration.ZERO);
  }

  private List<List<UInt128>> restored(RestoreTarget target) {
    Restore.Restored restored =
        Restore.plan(List.of(vault), target, "")
            .into(directory.resolve("restored-" + UUID.randomUUID()), Telling.NONE);
    assertThat(restored.incidents()).isEmpty();
    try (LedgerNode made =
        LedgerNode.open(
            restored.directory(), restored.dataKey(), restored.lineage(), new NaiveLedger(), 99)) {
      return made.balances();
    }
  }

  /** Some of the requests, by lot, meet what a bad day has. */
  private static Function<HostileHttp.Request, Fault> badDay(long seed) {
    Random random = new Random(seed);
    return request -> {
      synchronized (random) {
        int bytes = random.nextInt(1_500);
        return switch (random.nextInt(24)) {
          case 0 -> AWAY;
          case 1 -> Fault.error(500, "InternalError");
          case 2 -> new Fault.CutAnswer(bytes);
          case 3 -> request.length() > 0 ? new Fault.CutUpload(bytes) : new Fault.CutAnswer(bytes);
          case 4 -> new Fault.SlowAnswer(20_000);
          default -> Fault.NONE;
        };
      }
    };
  }

  /** The store is away after so many more requests of a method. */
  private void awayAfter(String method, int requests) {
    AtomicInteger left = new AtomicInteger(requests);
    http.rule(
        request ->
            left.get() <= 0 || (request.is(method) && left.getAndDecrement() <= 0)
                ? AWAY
                : Fault.NONE);
  }

  /** As if the process had ended: else its mark would be respected for a quarter of an hour. */
  private void forgetTurn() {
    vault
        .repository()
        .list(WriterMark.PREFIX)
        .forEach(mark -> vault.repository().delete(mark.name()));
  }

  private void wellAgain() {
    http.rule(request -> Fault.NONE);
  }

  private Set<String> objects() {
    return vault.repository().list("objects/").stream()
        .map(Repository.StoredObject::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void on_a_bad_day_all_is_done_and_what_is_restored_is_what_the_model_says(long seed) {
    http.rule(badDay(seed));
    node.run(80);
    backUp(node, vault);
    node.run(120);
    backUp(node, vault);
    TailStream stream = stream(vault);
    long last = 0;
    for (int i = 0; i < 4; i++) {
      node.run(20);
      node.synced();
      TailStream.Step step = stream.step();
      while (step.more()) {
        step = stream.step();
      }
      last = step.lastOp();
    }
    assertThat(last).isEqualTo(node.op());
    ExpirePlan gone = expire(vault);
    assertThat(gone.going()).hasSize(1);
    VerifyResult found = verify();
    assertThat(found.findings()).isEmpty();
    assertThat(found.streams().getFirst().lastOp()).isEqualTo(node.op());
    assertThat(restored(new RestoreTarget.End())).isEqualTo(node.balances());
    long op = 1 + new Random(seed).nextLong(node.op());
    assertThat(restored(new RestoreTarget.Op(op))).isEqualTo(node.model.balancesAfter(op));
  }

  @Test
  void a_backup_that_the_store_broke_off_goes_on_and_sends_no_object_twice() {
    node.run(200);
    for (int puts = 1; puts <= 9; puts += 4) {
      awayAfter("PUT", puts);
      assertUnavailable(() -> backUp(node, hasty));
    }
    wellAgain();
    Set<String> there = objects();
    assertThat(there).isNotEmpty();
    int before = http.seen().size();
    backUp(node, vault);
    List<String> put =
        http.seen().subList(before, http.seen().size()).stream()
            .filter(request -> request.is("PUT"))
            .map(HostileHttp.Request::path)
            .toList();
    assertThat(put).isNotEmpty();
    there.forEach(name -> assertThat(put).noneMatch(path -> path.contains(name)));
    assertThat(verify().findings()).isEmpty();
    assertThat(restored(new RestoreTarget.End())).isEqualTo(node.balances());
  }

  @Test
  void a_tail_whose_answer_was_lost_is_there_once_and_the_next_goes_on_after_it() {
    node.run(50);
    backUp(node, vault);
    TailStream stream = stream(vault);
    for (int i = 0; i < 5; i++) {
      node.run(10);
      node.synced();
      http.next("PUT", new Fault.CutAnswer(i * 10), new Fault.CutUpload(100));
      assertThat(stream.step().lastOp()).isEqualTo(node.op());
    }
    node.run(10);
    node.synced();
    awayAfter("PUT", 0);
    TailStream late = new TailStream(hasty, node, SystemDisk.INSTANCE);
    wellAgain();
    assertThat(late.find()).isTrue();
    awayAfter("PUT", 0);
    assertUnavailable(late::step);
    wellAgain();
    assertThat(late.step().lastOp()).isEqualTo(node.op());
    assertThat(stream.step().sentBytes()).as("the other finds that tail").isZero();
    VerifyResult found = verify();
    assertThat(found.findings()).isEmpty();
    assertThat(found.streams().getFirst().tails()).isEqualTo(6);
    assertThat(restored(new RestoreTarget.End())).isEqualTo(node.balances());
  }

  @Test
  void an_expiry_that_the_store_broke_off_leaves_all_that_a_backup_needs_to_the_next() {
    for (int i = 0; i < 3; i++) {
      node.run(40);
      backUp(node, vault);
      stream(vault);
    }
    for (int deleted = 0; deleted < 3; deleted++) {
      awayAfter("DELETE", deleted);
      assertUnavailable(() -> expire(hasty));
      wellAgain();
      assertThat(verify().findings()).isEmpty();
      forgetTurn();
    }
    ExpirePlan last = expire(vault);
    assertThat(Manifests.all(vault).backups()).hasSize(1);
    Set<String> needed =
        References.needed(vault, List.of(Manifests.all(vault).backups().getFirst().manifest()));
    Set<String> objects = objects();
    assertThat(objects).containsAll(needed);
    assertThat(last.young().objects())
        .as("what was left over stays for a day")
        .isEqualTo(objects.size() - needed.size());
    assertThat(verify().findings()).isEmpty();
    assertThat(restored(new RestoreTarget.End())).isEqualTo(node.balances());
  }

  @Test
  void a_proof_asks_again_for_what_came_changed_and_names_what_always_does() {
    node.run(100);
    BackupManifest manifest = backUp(node, vault).manifest();
    String piece = manifest.segments().getFirst().pieces().getFirst().object();
    AtomicInteger flips = new AtomicInteger(2);
    http.rule(
        request ->
            request.path().contains(piece) && flips.getAndDecrement() > 0
                ? new Fault.Flip(20)
                : Fault.NONE);
    assertThat(verify().findings()).isEmpty();
    assertThat(flips.get()).isNegative();

    http.rule(
        request ->
            request.is("GET") && request.path().contains(piece) ? new Fault.Flip(20) : Fault.NONE);
    VerifyResult found =
        Verify.run(hasty, List.of(), new Verify.Mode.Whole(), new SystemClock(), Telling.NONE);
    assertThat(found.findings()).extracting(Finding::object).contains(piece);
  }

  @Test
  void a_store_that_is_away_is_no_finding_but_a_failure() {
    node.run(100);
    String piece = backUp(node, vault).manifest().segments().getLast().pieces().getFirst().object();
    http.rule(request -> request.path().contains(piece) ? AWAY : Fault.NONE);
    assertUnavailable(
        () ->
            Verify.run(hasty, List.of(), new Verify.Mode.Whole(), new SystemClock(), Telling.NONE));
    wellAgain();
    assertThat(vault.repository().list("proofs/")).isEmpty();
  }

  private static void assertUnavailable(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    HoldfastException thrown = catchThrowableOfType(HoldfastException.class, call);
    assertThat(thrown).isNotNull();
    assertThat(thrown.code()).isEqualTo("repository-unavailable");
  }
}
