package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.Clock;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Backups of a real ledger by a machine whose clock jumps back and forth: their order is that of
 * their ops, and nothing that is needed looks old.
 */
class ClockJumpTest {
  @TempDir Path directory;

  private final ManualClock world = new ManualClock();
  private Duration ahead = Duration.ZERO;
  private final Clock wrong =
      new Clock() {
        @Override
        public long wallNanos() {
          return world.wallNanos() + ahead.toNanos();
        }

        @Override
        public long monotonicNanos() {
          return world.monotonicNanos();
        }
      };
  private final ShelfRepository shelf = new ShelfRepository(() -> world.wallNanos() / 1_000_000);
  private final Vault vault = new Vault(shelf, RepositoryKeys.create());
  private final List<String> taken = new ArrayList<>();
  private LedgerNode node;

  @BeforeEach
  void take_backups_while_the_clock_jumps() throws IOException {
    node = LedgerNode.create(directory.resolve("node"), 3);
    for (Duration jump :
        List.of(
            Duration.ZERO,
            Duration.ofHours(-1),
            Duration.ofDays(2),
            Duration.ofDays(-400),
            Duration.ofMinutes(5))) {
      ahead = jump;
      node.run(60);
      taken.add(
          Backup.run(vault, node.synced(), Backup.Options.USUAL, wrong, Telling.NONE)
              .named()
              .name());
      world.advance(Duration.ofMinutes(10));
    }
    TailStream stream = new TailStream(vault, node.synced(), SystemDisk.INSTANCE);
    assertThat(stream.find()).isTrue();
    ahead = Duration.ofDays(-3);
    node.run(20);
    node.synced();
    assertThat(stream.step().lastOp()).isEqualTo(node.op());
  }

  @AfterEach
  void close() {
    node.close();
  }

  private ExpirePlan expire(Retention retention) {
    Expire expire = new Expire(vault, wrong, world::advance, Telling.NONE);
    return expire.apply(new Expire.Wanted(retention, Set.of()), Duration.ZERO);
  }

  private VerifyResult verify(Verify.Mode mode) {
    return Verify.run(vault, List.of(), mode, wrong, Telling.NONE);
  }

  private void assertRestored() {
    Restore.Restored restored =
        Restore.plan(List.of(vault), new RestoreTarget.End(), "")
            .into(directory.resolve("restored"), Telling.NONE);
    assertThat(restored.op()).isEqualTo(node.op());
    try (LedgerNode made =
        LedgerNode.open(
            restored.directory(), restored.dataKey(), restored.lineage(), new NaiveLedger(), 99)) {
      assertThat(made.balances()).isEqualTo(node.balances());
    }
  }

  @Test
  void backups_are_in_the_order_of_their_ops_and_the_stream_goes_on_after_the_last() {
    List<Manifests.Named> backups = Manifests.all(vault).backups();
    assertThat(backups).extracting(Manifests.Named::name).containsExactlyElementsOf(taken);
    assertThat(TailStream.newest(backups, node.lineage())).isEqualTo(backups.getLast());
    assertThat(backups.stream().map(named -> named.manifest().takenAt()).sorted().toList())
        .as("their times are in another order")
        .isNotEqualTo(backups.stream().map(named -> named.manifest().takenAt()).toList());
    assertRestored();
  }

  @Test
  void the_newest_stays_whatever_the_clock_says_and_with_it_every_moment() {
    for (Retention retention :
        List.of(
            new Retention(0, 0, 0, 0, Duration.ofHours(1)),
            new Retention(0, 1, 0, 0, Duration.ZERO),
            new Retention(1, 0, 0, 0, Duration.ZERO))) {
      for (Duration jump : List.of(Duration.ofDays(1_000), Duration.ofDays(-1_000))) {
        ahead = jump;
        expire(retention);
        assertThat(Manifests.all(vault).faults()).isEmpty();
        assertThat(verify(new Verify.Mode.Whole()).findings()).isEmpty();
      }
    }
    assertThat(Manifests.all(vault).backups())
        .extracting(Manifests.Named::name)
        .containsExactly(taken.getLast());
    assertRestored();
  }

  @Test
  void a_proof_of_times_to_come_proves_nothing_and_one_of_a_clock_that_was_behind_is_old() {
    Verify.Mode since = new Verify.Mode.Since(Duration.ofDays(30));
    ahead = Duration.ofDays(60);
    verify(new Verify.Mode.Whole());
    ahead = Duration.ZERO;
    assertThat(verify(since).skipped()).as("what a clock said that was ahead").isZero();
    assertThat(verify(since).skipped()).isPositive();
    ahead = Duration.ofDays(40);
    assertThat(verify(since).skipped()).as("what was said 40 days ago").isZero();
  }

  @Test
  void what_an_interrupted_backup_left_is_young_by_the_clock_of_the_store_alone() {
    vault.store(ObjectKind.PIECE, new byte[] {1}, new byte[] {1});
    Retention all = new Retention(9, 0, 0, 0, Duration.ZERO);
    ahead = Duration.ofDays(1_000);
    assertThat(expire(all).young().objects()).isPositive();
    world.advance(Duration.ofDays(2));
    ahead = Duration.ofDays(-1_000);
    assertThat(expire(all).young().objects()).isZero();
  }
}
