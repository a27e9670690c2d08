package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is restored is what a naive model of the same payments says, or nothing. */
class RestoreTest {
  @TempDir Path directory;

  private int restores;

  /** A repository in memory. */
  private static final class Shelf {
    final ShelfRepository repository = new ShelfRepository(() -> 0);
    final Vault vault = new Vault(repository, RepositoryKeys.create());
  }

  private static Backup.Result backup(LedgerNode node, Shelf shelf) {
    return Backup.run(
        shelf.vault, node.synced(), Backup.Options.USUAL, new SystemClock(), Telling.NONE);
  }

  private static TailStream stream(LedgerNode node, Shelf shelf) {
    TailStream stream = new TailStream(shelf.vault, node, SystemDisk.INSTANCE);
    assertThat(stream.find()).isTrue();
    return stream;
  }

  private static void sendAll(TailStream stream) {
    while (stream.step().more()) {
      // there is more
    }
  }

  private Restore.Restored restore(RestoreTarget target, Shelf... shelves) {
    return restore(target, "", shelves);
  }

  private Restore.Restored restore(RestoreTarget target, String branch, Shelf... shelves) {
    List<Vault> vaults = new ArrayList<>();
    for (Shelf shelf : shelves) {
      vaults.add(shelf.vault);
    }
    return Restore.plan(vaults, target, branch)
        .into(directory.resolve("restored-" + restores++), Telling.NONE);
  }

  private static List<List<UInt128>> balances(Restore.Restored restored) {
    try (LedgerNode node =
        LedgerNode.open(
            restored.directory(), restored.dataKey(), restored.lineage(), new NaiveLedger(), 99)) {
      assertThat(node.op()).isEqualTo(restored.op());
      return node.balances();
    }
  }

  private static HoldfastException refusal(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return Assertions.catchThrowableOfType(HoldfastException.class, call);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void any_moment_of_any_history_is_what_the_model_says(long seed) throws IOException {
    Random random = new Random(seed);
    Shelf shelf = new Shelf();
    try (LedgerNode node = LedgerNode.create(directory.resolve("node"), seed)) {
      node.run(1 + random.nextInt(60));
      backup(node, shelf);
      for (int i = 0; i < 3; i++) {
        node.run(1 + random.nextInt(120));
        if (random.nextBoolean()) {
          sendAll(stream(node.synced(), shelf));
        }
        if (random.nextInt(3) > 0) {
          backup(node, shelf);
        }
      }
      backup(node, shelf);
      TailStream stream = stream(node, shelf);
      for (int i = 0; i < 5; i++) {
        node.run(1 + random.nextInt(5));
        node.synced();
        sendAll(stream);
      }
      NaiveLedger model = node.model;
      for (int i = 0; i < 3; i++) {
        long op = 1 + random.nextLong(node.op());
        Restore.Restored restored = restore(new RestoreTarget.Op(op), shelf);
        assertThat(restored.op()).isEqualTo(op);
        assertThat(balances(restored)).as("op %d", op).isEqualTo(model.balancesAfter(op));
        assertThat(restored.incidents()).isEmpty();

        long from = model.timeOf(1);
        long time = from + random.nextLong(model.timeOf(node.op()) - from + 1);
        restored = restore(new RestoreTarget.Time(time), shelf);
        assertThat(restored.op()).as("seed %d, time %d", seed, time).isEqualTo(model.opAt(time));
        assertThat(balances(restored)).isEqualTo(model.balancesAfter(restored.op()));
      }
      Restore.Restored restored = restore(new RestoreTarget.End(), shelf);
      assertThat(restored.op()).isEqualTo(node.op());
      assertThat(balances(restored)).isEqualTo(node.balances());
      assertThat(restored.checkpointOp()).isPositive();
    }
  }

  @Test
  void a_moment_that_is_not_there_is_refused_with_the_range_that_is() throws IOException {
    Shelf shelf = new Shelf();
    try (LedgerNode node = LedgerNode.create(directory.resolve("node"), 1)) {
      node.run(5);
      backup(node, shelf);
      HoldfastException e = refusal(() -> restore(new RestoreTarget.Op(7), shelf));
      assertThat(e.code()).isEqualTo("no-such-moment");
      assertThat(e.message()).contains("op 7").contains("to op 6");
      long end = node.model.timeOf(6);
      e = refusal(() -> restore(new RestoreTarget.Time(end + 1), shelf));
      assertThat(e.code()).isEqualTo("no-such-moment");
      e = refusal(() -> restore(new RestoreTarget.Time(node.model.timeOf(1) - 10), shelf));
      assertThat(e.code()).isEqualTo("no-such-moment");
      assertThat(restore(new RestoreTarget.Time(end), shelf).op()).isEqualTo(6);
      assertThat(refusal(() -> restore(new RestoreTarget.End(), new Shelf())).code())
          .isEqualTo("no-such-backup");
    }
  }

  @Test
  void a_restored_ledger_goes_on_in_a_branch_of_its_own_and_is_backed_up_beside_the_first()
      throws IOException {
    Shelf shelf = new Shelf();
    try (LedgerNode node = LedgerNode.create(directory.resolve("node"), 1)) {
      node.run(30);
      backup(node, shelf);
      Restore.Restored one = restore(new RestoreTarget.Op(20), shelf);
      Restore.Restored other = restore(new RestoreTarget.Op(20), shelf);
      assertThat(one.lineage().current()).isNotEqualTo(other.lineage().current());
      assertThat(one.lineage().current().epoch()).isEqualTo(2);
      assertThat(one.lineage().current().firstOp()).isEqualTo(21);
      try (LedgerNode gone =
          LedgerNode.open(one.directory(), one.dataKey(), one.lineage(), new NaiveLedger(), 5)) {
        gone.run(40);
        backup(gone, shelf);
        HoldfastException e = refusal(() -> restore(new RestoreTarget.End(), shelf));
        assertThat(e.code()).isEqualTo("branch-ambiguous");
        String branch = one.lineage().current().id().toHex();
        assertThat(e.message())
            .contains(branch, LedgerNode.LEDGER_ID.toHex(), "epoch 1", "epoch 2");
        Restore.Restored again = restore(new RestoreTarget.End(), branch.substring(0, 6), shelf);
        assertThat(again.op()).isEqualTo(60 + 1 - 1);
        assertThat(balances(again)).isEqualTo(gone.balances());
        assertThat(again.lineage().branches()).hasSize(3);
        assertThat(again.lineage().current().epoch()).isEqualTo(3);
        Restore.Restored old = restore(new RestoreTarget.End(), "1", shelf);
        assertThat(balances(old)).isEqualTo(node.balances());
        assertThat(refusal(() -> restore(new RestoreTarget.End(), "7", shelf)).code())
            .isEqualTo("no-such-branch");
      }
    }
  }
}
