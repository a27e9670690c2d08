package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.journal.Branch;
import io.holdfast.journal.Lineage;
import io.holdfast.journal.SegmentPiece;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ExpireTest {
  private static final UInt128 LEDGER = new UInt128(1, 2);
  private static final Lineage MAIN = Lineage.ofNew(LEDGER);

  private final ManualClock clock = new ManualClock();
  private final ShelfRepository shelf = new ShelfRepository(() -> clock.wallNanos() / 1_000_000);
  private final Vault vault = new Vault(shelf, RepositoryKeys.create());
  private final Expire expire = new Expire(vault, clock, clock::advance, Telling.NONE);

  private static Expire.Wanted last(int backups) {
    return new Expire.Wanted(new Retention(backups, 0, 0, 0, Duration.ZERO), Set.of());
  }

  private String store(ObjectKind kind, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return vault.store(kind, bytes, bytes).name();
  }

  /** A backup whose objects are named by words; what an earlier one has is taken over. */
  private Manifests.Named backup(Lineage lineage, long lastOp, List<String> words) {
    List<BackupManifest.PieceRef> pieces = new ArrayList<>();
    for (String word : words) {
      String object = store(ObjectKind.PIECE, word);
      pieces.add(new BackupManifest.PieceRef(0, 1, 1, lastOp, 0, 0, "", "", object, 1));
    }
    String page = store(ObjectKind.PAGES, "pages of " + words.getFirst());
    PageMap map = new PageMap(new byte[0], List.of(page), new byte[32], new int[1], new int[1]);
    String mapName = vault.store(ObjectKind.PAGE_MAP, map.encode(), map.encode()).name();
    BackupManifest manifest =
        new BackupManifest(
            BackupManifest.FORMAT,
            clock.wallNanos(),
            BackupManifest.Kind.HOT,
            Manifests.all(vault).backups().stream().map(Manifests.Named::name).toList(),
            "a",
            "n1",
            LEDGER.toHex(),
            "",
            HexFormat.of().formatHex(lineage.encode()),
            lastOp,
            0,
            "",
            List.of(new BackupManifest.Segment("", 1, lastOp, 0, 0, 1, false, pieces)),
            // names no page: only the map does
            List.of(new BackupManifest.CheckpointRef(1, "", mapName, List.of(), 0, 0)),
            List.of(new BackupManifest.KeyRef("data", store(ObjectKind.DATA_KEY, "key"))),
            List.of(),
            0,
            0,
            0);
    String name = Manifests.publish(vault, manifest);
    clock.advance(Duration.ofDays(1));
    return new Manifests.Named(name, manifest);
  }

  private String tail(UInt128 branch, long firstOp, long lastOp) {
    SegmentPiece piece =
        new SegmentPiece(1, 0, 1, firstOp, lastOp, 0, 0, false, new byte[32], new byte[1]);
    Tails tails = new Tails(vault, branch);
    assertThat(tails.put(new Tail(branch, firstOp, lastOp, 0, 0, List.of(piece))).stored())
        .isTrue();
    return tails.name(firstOp);
  }

  /** Three of a branch: the first has w1, the second w2 and both, the third w3 and both. */
  private List<Manifests.Named> three() {
    return List.of(
        backup(MAIN, 10, List.of("w1", "both")),
        backup(MAIN, 20, List.of("w2", "both")),
        backup(MAIN, 30, List.of("w3", "both")));
  }

  private boolean has(String word) {
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    return shelf.names().contains(vault.keys().objectName(ObjectKind.PIECE, bytes));
  }

  private void assertWhole() {
    Manifests.All all = Manifests.all(vault);
    assertThat(all.faults()).isEmpty();
    Set<String> needed =
        References.needed(vault, all.backups().stream().map(Manifests.Named::manifest).toList());
    assertThat(shelf.names()).containsAll(needed);
    for (Manifests.Named each : all.backups()) {
      for (BackupManifest.CheckpointRef checkpoint : each.manifest().checkpoints()) {
        PageMap map = PageMap.parse(vault.load(checkpoint.map()));
        assertThat(shelf.names()).containsAll(map.objects());
      }
    }
  }

  @Test
  void a_plan_changes_nothing_and_says_what_would_go_and_why_the_rest_stays() {
    List<Manifests.Named> three = three();
    Set<String> before = shelf.names();
    ExpirePlan plan = expire.plan(last(2));
    assertThat(shelf.names()).isEqualTo(before);
    assertThat(plan.going())
        .extracting(going -> going.backup().name())
        .containsExactly(three.getFirst().name());
    assertThat(plan.decisions().getFirst().reasons())
        .containsExactly("newest of its branch", "last 1 of 2");
    long bytes =
        shelf.list("").stream()
            .filter(
                object ->
                    plan.deleted().contains(object.name())
                        || object.name().equals(three.getFirst().name()))
            .mapToLong(Repository.StoredObject::sizeBytes)
            .sum();
    assertThat(plan.freedBytes()).isEqualTo(bytes).isPositive();
  }

  @Test
  void what_is_done_is_what_was_planned() {
    three();
    ExpirePlan plan = expire.plan(last(1));
    ExpirePlan done = expire.apply(last(1), Duration.ZERO);
    assertThat(done.deleted()).containsExactlyElementsOf(plan.deleted());
    assertThat(done.freedBytes()).isEqualTo(plan.freedBytes());
    assertThat(done.decisions()).isEqualTo(plan.decisions());
  }

  @Test
  void what_only_those_needed_that_go_goes_with_them_and_all_else_stays() {
    three();
    ExpirePlan done = expire.apply(last(2), Duration.ZERO);
    assertThat(done.deleted()).hasSize(3); // w1, its pages and their map
    assertThat(has("w1")).isFalse();
    assertThat(List.of(has("w2"), has("w3"), has("both"))).containsOnly(true);
    assertWhole();
    assertThat(expire.apply(last(2), Duration.ZERO).deleted()).isEmpty();
  }

  @Test
  void the_only_backup_of_a_branch_stays_whatever_its_age() {
    Lineage other =
        new Lineage(
            LEDGER,
            List.of(MAIN.current(), new Branch(2, new UInt128(9, 9), 6, MAIN.current().chain())));
    backup(other, 8, List.of("o1"));
    three();
    expire.apply(last(1), Duration.ZERO);
    assertThat(List.of(has("o1"), has("w3"))).containsOnly(true);
    assertThat(List.of(has("w1"), has("w2"))).containsOnly(false);
    assertWhole();
  }

  @Test
  void a_backup_that_is_held_stays_with_all_that_it_needs_until_the_hold_is_lifted() {
    List<Manifests.Named> three = three();
    String hold =
        Holds.add(
            vault,
            new Holds.Hold(
                Holds.Hold.FORMAT, three.getFirst().name(), "case 17", "anna", clock.wallNanos()));
    ExpirePlan done = expire.apply(last(1), Duration.ZERO);
    assertThat(done.decisions().getLast().reasons()).containsExactly("held: case 17 (anna)");
    assertThat(List.of(has("w1"), has("both"), has("w3"))).containsOnly(true);
    assertThat(has("w2")).isFalse();
    assertWhole();

    assertThat(Holds.all(vault)).extracting(Holds.Named::name).containsExactly(hold);
    Holds.remove(vault, Holds.all(vault).getFirst().id());
    expire.apply(last(1), Duration.ZERO);
    assertThat(has("w1")).isFalse();
    assertWhole();
  }

  @Test
  void a_hold_that_cannot_be_read_or_whose_backup_is_gone_stops_all() {
    List<Manifests.Named> three = three();
    String hold =
        Holds.add(vault, new Holds.Hold(Holds.Hold.FORMAT, "backups/gone", "case 17", "anna", 0));
    refused("repository-damaged", () -> expire.apply(last(1), Duration.ZERO));
    shelf.replace(hold, new byte[] {1, 2, 3});
    refused("object-damaged", () -> expire.apply(last(1), Duration.ZERO));
    assertThat(shelf.names()).contains(three.getFirst().name());
  }

  @Test
  void nothing_is_deleted_while_a_manifest_is_missing_or_damaged() {
    List<Manifests.Named> three = three();
    String second = three.get(1).name();
    Set<String> before = shelf.names();
    byte[] whole = shelf.get(second);
    byte[] flipped = whole.clone();
    flipped[flipped.length / 2] ^= 1;
    shelf.replace(second, flipped);
    refused("repository-damaged", () -> expire.plan(last(1)));
    refused("repository-damaged", () -> expire.apply(last(1), Duration.ZERO));
    assertThat(shelf.names()).isEqualTo(before);
    shelf.lose(second);
    assertThatThrownBy(() -> expire.apply(last(1), Duration.ZERO)).hasMessageContaining(second);
    assertThat(shelf.names()).contains(three.getFirst().name());
  }

  @Test
  void a_lost_manifest_can_be_given_up_and_is_missed_no_more() {
    List<Manifests.Named> three = three();
    String second = three.get(1).name();
    shelf.lose(second);
    clock.advance(Duration.ofDays(2));
    expire.apply(
        new Expire.Wanted(new Retention(2, 0, 0, 0, Duration.ZERO), Set.of(second)), Duration.ZERO);
    assertThat(has("w2")).isFalse();
    assertThat(List.of(has("w1"), has("w3"), has("both"))).containsOnly(true);
    assertWhole();
    expire.apply(last(2), Duration.ZERO);
    assertWhole();
  }

  @Test
  void only_what_is_lost_can_be_given_up() {
    List<Manifests.Named> three = three();
    Set<String> before = shelf.names();
    Retention retention = new Retention(3, 0, 0, 0, Duration.ZERO);
    for (String whole : List.of(three.getFirst().name(), three.getLast().name(), "backups/zzz")) {
      Expire.Wanted wanted = new Expire.Wanted(retention, Set.of(whole));
      refused("no-such-backup", () -> expire.plan(wanted));
      refused("no-such-backup", () -> expire.apply(wanted, Duration.ZERO));
    }
    assertThat(shelf.names()).isEqualTo(before);

    String lost = three.get(1).name();
    shelf.lose(lost);
    Expire.Wanted wanted = new Expire.Wanted(retention, Set.of(lost));
    expire.apply(wanted, Duration.ZERO);
    expire.apply(wanted, Duration.ZERO); // as after an interruption
    assertThat(Manifests.all(vault).backups()).hasSize(2);
  }

  @Test
  void a_full_repository_is_thinned_out_with_what_was_kept_back_for_that() {
    three();
    shelf.fill(false);
    refused("repository-full", () -> expire.apply(last(1), Duration.ZERO));
    assertThat(Manifests.all(vault).backups()).hasSize(3);
    shelf.fill(true);
    expire.apply(last(1), Duration.ZERO);
    assertThat(Manifests.all(vault).backups()).hasSize(1);
    assertWhole();
  }

  @Test
  void what_nothing_refers_to_stays_for_a_day() {
    three();
    store(ObjectKind.PIECE, "upload that was interrupted");
    clock.advance(Sweep.GRACE.minusMinutes(1));
    ExpirePlan young = expire.apply(last(9), Duration.ZERO);
    assertThat(young.deleted()).isEmpty();
    assertThat(young.young().objects()).isEqualTo(1);
    clock.advance(Duration.ofMinutes(1));
    assertThat(expire.apply(last(9), Duration.ZERO).deleted()).hasSize(1);
    assertThat(has("upload that was interrupted")).isFalse();
    assertWhole();
  }

  @Test
  void tails_go_once_a_backup_that_stays_has_all_of_them_and_others_stay_for_ever() {
    UInt128 main = MAIN.current().id();
    String covered = tail(main, 11, 30);
    String beyond = tail(main, 25, 31);
    String later = tail(main, 31, 40);
    String elsewhere = tail(new UInt128(7, 7), 1, 5);
    three();
    clock.advance(Duration.ofDays(400));
    ExpirePlan done = expire.apply(last(1), Duration.ZERO);
    assertThat(done.deleted()).contains(covered).doesNotContain(beyond, later, elsewhere);
    assertThat(shelf.names()).contains(beyond, later, elsewhere).doesNotContain(covered);
  }

  @Test
  void a_backup_after_which_the_stream_goes_on_stays_with_its_tails_until_a_newer_one_takes_over() {
    UInt128 main = MAIN.current().id();
    String within = tail(main, 21, 25);
    String across = tail(main, 26, 35); // the backup up to op 30 was taken meanwhile
    String after = tail(main, 36, 40);
    List<Manifests.Named> three = three();
    clock.advance(Duration.ofDays(400));
    ExpirePlan done = expire.apply(last(1), Duration.ZERO);
    assertThat(done.decisions().get(1).reasons()).containsExactly("the stream goes on after it");
    assertThat(done.deleted()).doesNotContain(within, across, after);
    assertThat(new Tails(vault, main).follow(three.get(1).manifest().lastOp(), tail -> true))
        .isEqualTo(40);

    String takenOver = tail(main, 31, 41);
    clock.advance(Duration.ofDays(2));
    ExpirePlan next = expire.apply(last(1), Duration.ZERO);
    assertThat(next.going()).hasSize(1);
    assertThat(next.deleted()).contains(within);
    assertThat(shelf.names()).contains(takenOver).doesNotContain(within);
  }

  @Test
  void tails_of_a_branch_are_covered_only_as_far_as_another_went_along_with_it() {
    Branch main = MAIN.current();
    Lineage restored =
        new Lineage(LEDGER, List.of(main, new Branch(2, new UInt128(9, 9), 21, main.chain())));
    String along = tail(main.id(), 11, 20);
    String apart = tail(main.id(), 21, 25);
    backup(restored, 50, List.of("r"));
    clock.advance(Duration.ofDays(2));
    assertThat(expire.apply(last(1), Duration.ZERO).deleted()).containsExactly(along);
    assertThat(shelf.names()).contains(apart);
  }

  @Test
  void an_object_that_nothing_refers_to_and_that_cannot_be_read_is_told_and_left() {
    three();
    String damaged = "objects/ab/" + "ab".repeat(32);
    shelf.put(damaged, new byte[] {1, 2, 3});
    clock.advance(Duration.ofDays(2));
    ExpirePlan done = expire.apply(last(1), Duration.ZERO);
    assertThat(done.unknown()).containsExactly(damaged);
    assertThat(shelf.names()).contains(damaged);
  }

  @Test
  void a_backup_whose_manifest_is_locked_stays_with_all_that_it_needs() {
    List<Manifests.Named> three = three();
    shelf.lock(three.getFirst().name());
    ExpirePlan done = expire.apply(last(1), Duration.ZERO);
    assertThat(done.locked()).containsExactly(three.getFirst().name());
    assertThat(done.decisions().getLast().reasons()).containsExactly("locked by the store");
    assertThat(has("w1")).isTrue();
    assertThat(has("w2")).isFalse();
    assertWhole();
  }

  @Test
  void objects_that_are_locked_stay_and_are_named() {
    three();
    String locked =
        vault.keys().objectName(ObjectKind.PIECE, "w1".getBytes(StandardCharsets.UTF_8));
    shelf.lock(locked);
    long planned = expire.plan(last(1)).freedBytes();
    ExpirePlan done = expire.apply(last(1), Duration.ZERO);
    assertThat(done.locked()).containsExactly(locked);
    assertThat(done.deleted()).doesNotContain(locked);
    assertThat(done.freedBytes()).isEqualTo(planned - shelf.get(locked).length);
    assertWhole();
  }

  @Test
  void it_does_not_begin_while_a_backup_runs() {
    three();
    Set<String> before = shelf.names();
    try (Turn backup =
        new Writers(vault, clock, clock::advance).enter(Writers.Role.BACKUP, Duration.ZERO)) {
      refused("repository-busy", () -> expire.apply(last(1), Duration.ZERO));
      backup.check();
    }
    assertThat(shelf.names()).isEqualTo(before);
  }

  @Test
  void one_that_stood_still_for_long_deletes_nothing_more() {
    three();
    shelf.beforeDelete(
        name -> {
          if (name.startsWith("backups/")) {
            clock.advance(Turn.LOST);
          }
        });
    refused("turn-lost", () -> expire.apply(last(1), Duration.ZERO));
    assertWhole();
  }

  @Test
  void killed_at_any_step_it_leaves_nothing_that_a_backup_lacks_or_that_the_next_one_leaves() {
    int steps = 0;
    boolean finished = false;
    while (!finished) {
      ExpireTest fresh = new ExpireTest();
      finished = fresh.killedAfter(steps);
      steps++;
    }
    assertThat(steps).isGreaterThan(10);
  }

  private boolean killedAfter(int changes) {
    three();
    tail(MAIN.current().id(), 5, 10);
    store(ObjectKind.PIECE, "upload that was interrupted");
    clock.advance(Duration.ofDays(2));
    AtomicInteger left = new AtomicInteger(changes);
    shelf.beforePut(name -> kill(left));
    shelf.beforeDelete(name -> kill(left));
    boolean finished = true;
    try {
      expire.apply(last(1), Duration.ZERO);
    } catch (HoldfastException killed) {
      finished = false;
    }
    shelf.setUnavailable(false);
    shelf.beforePut(name -> {});
    shelf.beforeDelete(name -> {});
    assertWhole();
    assertThat(List.of(has("w3"), has("both"))).containsOnly(true);

    clock.advance(Duration.ofDays(2));
    expire.apply(last(1), Duration.ZERO);
    assertWhole();
    Set<String> needed =
        References.needed(
            vault, Manifests.all(vault).backups().stream().map(Manifests.Named::manifest).toList());
    Set<String> objects =
        shelf.names().stream()
            .filter(name -> name.startsWith("objects/"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(objects).isEqualTo(new TreeSet<>(needed));
    assertThat(Manifests.all(vault).backups()).hasSize(1);
    assertThat(shelf.list("writers/")).isEmpty();
    return finished;
  }

  /** From then on the process does nothing any more. */
  private void kill(AtomicInteger left) {
    if (left.getAndDecrement() <= 0) {
      shelf.setUnavailable(true);
      throw new HoldfastException("repository-unavailable", "killed", "");
    }
  }

  @Test
  void names_of_expired_backups_are_forgotten_once_nobody_knows_them() {
    three();
    for (int i = 4; i < 10; i++) {
      expire.apply(last(2), Duration.ZERO);
      backup(MAIN, 10L * i, List.of("w" + i));
      assertWhole();
      assertThat(shelf.list("expired/")).hasSizeLessThanOrEqualTo(1);
    }
    expire.apply(last(1), Duration.ZERO);
    assertThat(ExpiredBackups.names(vault)).hasSizeLessThanOrEqualTo(3);
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(HoldfastException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
