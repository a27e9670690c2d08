package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.DetailsPeriod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Repositories that lose and change objects, and restores that are killed. */
class RestoreFaultsTest {
  private static final DetailsPeriod MARCH = DetailsPeriod.parse("2026-03");
  private static final DetailsPeriod APRIL = DetailsPeriod.parse("2026-04");

  @TempDir Path directory;

  private final ShelfRepository first = new ShelfRepository(() -> 0);
  private final ShelfRepository second = new ShelfRepository(() -> 0);
  private final RepositoryKeys firstKeys = RepositoryKeys.create();
  private final Vault firstVault = new Vault(first, firstKeys);
  private final Vault secondVault = new Vault(second, RepositoryKeys.create());
  private LedgerNode node;
  private int restores;

  @BeforeEach
  void payments() throws IOException {
    node = LedgerNode.create(directory.resolve("node"), 4);
    node.run(60);
    node.synced();
    backup(secondVault);
    var _ = node.payWithDetails(MARCH);
    var _ = node.payWithDetails(APRIL);
    node.run(20);
    node.synced();
    backup(firstVault);
    backup(secondVault);
  }

  @AfterEach
  void close() {
    node.close();
  }

  private void backup(Vault vault) {
    var _ = Backup.run(vault, node, Backup.Options.USUAL, new SystemClock(), Telling.NONE);
  }

  private Restore.Restored restore(RestoreTarget target, Vault... vaults) {
    return Restore.plan(List.of(vaults), target, "")
        .into(directory.resolve("restored-" + restores++), Telling.NONE);
  }

  private static List<List<UInt128>> balances(Restore.Restored restored) {
    try (LedgerNode opened =
        LedgerNode.open(
            restored.directory(), restored.dataKey(), restored.lineage(), new NaiveLedger(), 9)) {
      assertThat(opened.op()).isEqualTo(restored.op());
      return opened.balances();
    }
  }

  private static HoldfastException refusal(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return Assertions.catchThrowableOfType(HoldfastException.class, call);
  }

  /** What may become of an object. */
  enum Fault {
    LOST,
    TRUNCATED,
    FLIPPED,
    SWAPPED;

    void happen(ShelfRepository repository, String name, String other) {
      byte[] bytes = repository.get(name);
      switch (this) {
        case LOST -> repository.lose(name);
        case TRUNCATED -> repository.replace(name, Arrays.copyOf(bytes, bytes.length / 2));
        case FLIPPED -> {
          byte[] flipped = bytes.clone();
          flipped[flipped.length / 3] ^= 4;
          repository.replace(name, flipped);
        }
        case SWAPPED -> repository.replace(name, repository.get(other));
      }
    }

    void undo(ShelfRepository repository, String name, byte[] bytes) {
      if (this == LOST) {
        repository.put(name, bytes);
      } else {
        repository.replace(name, bytes);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatever_happens_to_an_object_it_is_named_and_got_from_the_other_repository_or_refused(
      Fault fault) {
    Restore.Restored whole = restore(new RestoreTarget.End(), firstVault);
    assertThat(whole.incidents()).isEmpty();
    List<String> objects =
        new TreeSet<>(first.names()).stream().filter(name -> name.startsWith("objects/")).toList();
    assertThat(objects).hasSizeGreaterThan(5);
    int refused = 0;
    for (int i = 0; i < objects.size(); i++) {
      String name = objects.get(i);
      byte[] bytes = first.get(name);
      fault.happen(first, name, objects.get((i + 1) % objects.size()));

      Restore.Restored restored = restore(new RestoreTarget.End(), firstVault, secondVault);
      assertThat(restored.op()).isEqualTo(node.op());
      assertThat(balances(restored)).isEqualTo(node.balances());
      assertThat(restored.missingKeys()).isEmpty();
      assertThat(String.join("\n", restored.incidents())).as("%s", fault).contains(name);

      try {
        restored = restore(new RestoreTarget.End(), firstVault);
        assertThat(balances(restored)).isEqualTo(node.balances());
        assertThat(String.join("\n", restored.incidents())).contains(name);
      } catch (HoldfastException e) {
        assertThat(e.code()).isIn("object-missing", "object-damaged", "piece-damaged");
        assertThat(e.message()).contains(name);
        refused++;
      }
      fault.undo(first, name, bytes);
    }
    assertThat(refused).as("what cannot be done without").isGreaterThan(2);
  }

  @Test
  void what_a_backup_held_from_before_replaces_what_is_gone_from_the_newest() {
    // Only the older backup of the second repository holds the pieces as they were cut then.
    for (String name : first.names()) {
      if (name.startsWith("objects/")) {
        first.lose(name);
      }
    }
    Restore.Restored restored = restore(new RestoreTarget.Op(50), firstVault, secondVault);
    assertThat(balances(restored)).isEqualTo(node.model.balancesAfter(50));
    assertThat(restored.incidents()).isNotEmpty();
  }

  @Test
  void a_journal_whose_answers_the_ledger_does_not_give_is_refused_though_every_digest_is_right() {
    node.lieOnce();
    node.run(20);
    assertThat(node.hasLied()).isTrue();
    node.synced();
    backup(firstVault);
    assertThat(refusal(() -> restore(new RestoreTarget.End(), firstVault)).code())
        .isEqualTo("journal-differs");
  }

  @Test
  void a_repository_that_is_down_is_passed_over_and_named() {
    first.setUnavailable(true);
    Restore.Restored restored = restore(new RestoreTarget.End(), firstVault, secondVault);
    assertThat(balances(restored)).isEqualTo(node.balances());
    assertThat(restored.incidents()).isNotEmpty();
    HoldfastException e = refusal(() -> restore(new RestoreTarget.End(), firstVault));
    assertThat(e.code()).isEqualTo("repository-unavailable");
  }

  @Test
  void a_lost_tail_is_named_a_damaged_one_too_and_without_the_last_one_the_end_is_earlier() {
    TailStream stream = new TailStream(firstVault, node, SystemDisk.INSTANCE);
    assertThat(stream.find()).isTrue();
    Set<String> before = first.names();
    List<String> tails = new ArrayList<>();
    List<Long> ends = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      node.run(i == 2 ? 1 : 3); // the tail that is lost has but one op
      node.synced();
      assertThat(stream.step().more()).isFalse();
      ends.add(node.op());
      for (String name : first.names()) {
        if (before.add(name)) {
          tails.add(name);
        }
      }
    }
    assertThat(tails).hasSize(4);
    assertThat(restore(new RestoreTarget.End(), firstVault).op()).isEqualTo(node.op());
    byte[] bytes = first.get(tails.get(2));
    first.lose(tails.get(2));
    for (RestoreTarget beyond :
        List.of(
            new RestoreTarget.End(),
            new RestoreTarget.Op(node.op()),
            new RestoreTarget.Time(Long.MAX_VALUE))) {
      HoldfastException e = refusal(() -> restore(beyond, firstVault));
      assertThat(e.code()).isEqualTo("tail-missing");
      assertThat(e.message()).contains(tails.get(2));
      assertThat(e.hint()).contains("--to-op " + ends.get(1));
    }
    assertThat(balances(restore(new RestoreTarget.Op(ends.get(1)), firstVault)))
        .isEqualTo(node.model.balancesAfter(ends.get(1)));

    byte[] last = first.get(tails.get(3));
    first.lose(tails.get(3));
    Restore.Restored restored = restore(new RestoreTarget.End(), firstVault);
    assertThat(restored.op()).as("nothing tells").isEqualTo(ends.get(1));
    assertThat(balances(restored)).isEqualTo(node.model.balancesAfter(ends.get(1)));
    assertThat(refusal(() -> restore(new RestoreTarget.Op(node.op()), firstVault)).code())
        .isEqualTo("no-such-moment");
    first.put(tails.get(3), last);

    byte[] flipped = bytes.clone();
    flipped[40] ^= 1;
    first.put(tails.get(2), flipped);
    HoldfastException e = refusal(() -> restore(new RestoreTarget.End(), firstVault));
    assertThat(e.code()).isEqualTo("object-damaged");
    assertThat(e.message()).contains(tails.get(2));
  }

  @Test
  void a_key_of_details_that_was_destroyed_after_the_backup_is_not_restored() throws IOException {
    long before = node.op();
    node.destroyDetails(MARCH);
    node.run(2);
    node.synced();
    TailStream stream = new TailStream(firstVault, node, SystemDisk.INSTANCE);
    assertThat(stream.find()).isTrue();
    while (stream.step().more()) {
      // there is more
    }
    Restore.Restored after = restore(new RestoreTarget.End(), firstVault);
    assertThat(after.op()).isEqualTo(node.op());
    assertThat(keys(after)).singleElement().asString().startsWith("2026-04-");
    Restore.Restored then = restore(new RestoreTarget.Op(before), firstVault);
    assertThat(keys(then)).hasSize(2);
  }

  private static List<String> keys(Restore.Restored restored) throws IOException {
    try (Stream<Path> files = Files.list(restored.detailsKeys())) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  /** Ends the process, as far as the caller can tell. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void a_restore_that_was_killed_at_any_read_is_gone_on_with() {
    Path target = directory.resolve("restored");
    int reads = 0;
    boolean done = false;
    while (!done) {
      AtomicInteger left = new AtomicInteger(reads++);
      Repository dying =
          new WatchedRepository(
              first,
              name -> {
                if (left.getAndDecrement() <= 0) {
                  throw new Killed();
                }
              });
      try {
        Restore.Restored restored =
            Restore.plan(List.of(new Vault(dying, firstKeys)), new RestoreTarget.End(), "")
                .into(target, Telling.NONE);
        assertThat(balances(restored)).isEqualTo(node.balances());
        done = true;
      } catch (Killed killed) {
        assertThat(reads).as("reads until it is done").isLessThan(100);
      }
    }
    assertThat(reads).isGreaterThan(5);
  }

  @Test
  void what_a_killed_restore_has_fetched_is_not_fetched_again_also_for_another_moment() {
    Path target = directory.resolve("restored");
    for (String step : List.of("fetch", "finish")) {
      Restore restore = Restore.plan(List.of(firstVault), new RestoreTarget.End(), "");
      assertThatThrownBy(
              () ->
                  restore.into(
                      target,
                      (what, done, all) -> {
                        if (what.equals(step) && (done > 0 || step.equals("finish"))) {
                          throw new Killed();
                        }
                      }))
          .isInstanceOf(Killed.class);
    }
    Restore.Restored whole = restore(new RestoreTarget.Op(40), firstVault);
    Restore.Restored resumed =
        Restore.plan(List.of(firstVault), new RestoreTarget.Op(40), "").into(target, Telling.NONE);
    assertThat(balances(resumed)).isEqualTo(node.model.balancesAfter(40));
    assertThat(resumed.chain()).isEqualTo(whole.chain());
    assertThat(resumed.fetchedBytes()).isLessThan(whole.fetchedBytes());
  }
}
