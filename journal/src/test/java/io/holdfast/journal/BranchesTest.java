package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Invariants;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Ledger;
import io.holdfast.testkit.HostileDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Histories that go on otherwise after one of their ops, as after a restore: each is whole, and
 * none takes what belongs to another.
 */
class BranchesTest {
  private static final DataKey KEY = HostileNode.KEY;
  private static final int CUT = 60;

  @TempDir Path directory;

  /** A copy of the journal up to an op, of the checkpoints up to it, and its history from there. */
  private record Restored(HostileDisk disk, Lineage lineage) {
    HostileNode start(long durableOp) {
      return new HostileNode(disk, durableOp, HostileNode.GENERATION, lineage);
    }
  }

  private static Restored restore(HostileDisk from, long op, long branch) throws IOException {
    HostileDisk disk = new HostileDisk(branch);
    for (Path file : from.list(HostileNode.JOURNAL)) {
      disk.writeDurably(file, from.bytes(file));
    }
    for (Path file : from.list(HostileNode.CHECKPOINTS)) {
      if (CheckpointFiles.op(file) <= op) {
        disk.writeDurably(file, from.bytes(file));
      }
    }
    JournalCut.End end = JournalCut.after(disk, HostileNode.JOURNAL, KEY, op);
    List<Branch> branches = new ArrayList<>(end.lineage().branches());
    branches.add(
        new Branch(
            end.lineage().current().epoch() + 1,
            UInt128.of(branch),
            op + 1,
            Chain.hex(end.chain())));
    return new Restored(disk, new Lineage(LedgerRun.LEDGER_ID, branches));
  }

  /** Lets a node judge batches of the small history, from one of them to another. */
  private static void run(Restored restored, long durableOp, int from, int to) {
    try (HostileNode node = restored.start(durableOp)) {
      for (int i = from; i < to; i++) {
        node.apply(SmallHistory.BATCHES.get(i));
      }
      node.sync();
    }
  }

  private static List<Long> epochs(HostileDisk disk) throws IOException {
    List<Long> epochs = new ArrayList<>();
    try (JournalReader reader = JournalReader.open(disk, HostileNode.JOURNAL, KEY, 1)) {
      for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
        epochs.add(entry.epoch());
      }
    }
    return epochs;
  }

  private static JournalAudit.Result audit(HostileDisk disk) throws IOException {
    return JournalAudit.verify(
        disk, HostileNode.JOURNAL, HostileNode.INDEX, HostileNode.CHECKPOINTS, KEY, segment -> {});
  }

  private static String refusal(Restored restored) {
    HoldfastException e =
        catchThrowableOfType(HoldfastException.class, () -> restored.start(0).close());
    assertThat(e).isNotNull();
    assertThat(e.code()).as(e.message()).isEqualTo("wrong-lineage");
    return e.message();
  }

  private static void copy(HostileDisk from, HostileDisk to, Path file) throws IOException {
    to.delete(file);
    to.writeDurably(file, from.bytes(file));
  }

  @Test
  void a_history_goes_on_in_a_new_branch_after_any_op() throws IOException {
    HostileDisk original = SmallHistory.uninterrupted();
    for (int op = 1; op <= SmallHistory.OPS; op += op % 10 == 0 ? 1 : 9) {
      Restored restored = restore(original, op, 7);
      int to = Math.min(SmallHistory.OPS, op + 20);
      try (HostileNode node = restored.start(op)) {
        assertThat(node.ledger.op()).isEqualTo(op);
        assertThat(node.ledger.digest()).isEqualTo(SmallHistory.DIGESTS.get(op));
        assertThat(node.chain()).isEqualTo(SmallHistory.CHAINS.get(op));
        assertThat(node.recovered.passedOver()).isEmpty();
      }
      run(restored, op, op, to);
      try (HostileNode node = restored.start(to)) {
        assertThat(node.ledger.digest()).isEqualTo(SmallHistory.DIGESTS.get(to));
      }
      List<Long> epochs = epochs(restored.disk());
      assertThat(epochs).hasSize(to);
      assertThat(epochs.subList(0, op)).containsOnly(1L);
      assertThat(epochs.subList(op, to)).allMatch(epoch -> epoch == 2);
      assertThat(audit(restored.disk()).isWhole()).isTrue();
    }
  }

  @Test
  void checkpoints_of_before_are_begun_with_and_new_ones_are_of_the_new_branch()
      throws IOException {
    HostileDisk original = new HostileDisk(1);
    SmallHistory.runAll(original, 0, CUT + 3); // later ones take the place of these checkpoints
    Restored restored = restore(original, CUT, 7);
    List<Path> old = CheckpointFiles.newestFirst(restored.disk(), HostileNode.CHECKPOINTS);
    assertThat(old).isNotEmpty();
    try (HostileNode node = restored.start(CUT)) {
      assertThat(Objects.requireNonNull(node.recovered.checkpoint()).op())
          .isEqualTo(CheckpointFiles.op(old.getFirst()))
          .isPositive();
    }
    run(restored, CUT, CUT, SmallHistory.OPS);
    Path newest = CheckpointFiles.newestFirst(restored.disk(), HostileNode.CHECKPOINTS).getFirst();
    try (CheckpointPages pages = CheckpointPages.open(restored.disk(), newest, KEY)) {
      assertThat(pages.op()).isGreaterThan(CUT);
      assertThat(pages.lineage()).isEqualTo(restored.lineage());
    }
    try (HostileNode node = restored.start(SmallHistory.OPS)) {
      assertThat(node.checkpointOp()).isEqualTo(CheckpointFiles.op(newest));
      assertThat(node.ledger.digest()).isEqualTo(SmallHistory.DIGESTS.get(SmallHistory.OPS));
    }
    assertThat(audit(restored.disk()).isWhole()).isTrue();
  }

  @Test
  void two_restores_of_one_journal_are_two_histories() throws IOException {
    HostileDisk original = SmallHistory.uninterrupted();
    Restored one = restore(original, CUT, 7);
    Restored other = restore(original, CUT, 8);
    run(one, CUT, CUT, SmallHistory.OPS);
    run(other, CUT, CUT + 1, SmallHistory.OPS); // as if the first payment had never been made
    List<Path> segments = other.disk().list(HostileNode.JOURNAL);
    List<Path> branched =
        segments.stream().filter(file -> SegmentFiles.firstOp(file) > CUT).toList();
    assertThat(branched).hasSizeGreaterThan(2);
    for (Path file : branched) {
      // The other's segment in place of the own, whether it would join or not.
      Restored mixed = copyOf(one);
      for (Path own : mixed.disk().list(HostileNode.JOURNAL)) {
        if (SegmentFiles.firstOp(own) >= SegmentFiles.firstOp(file)) {
          mixed.disk().delete(own);
        }
      }
      copy(other.disk(), mixed.disk(), file);
      assertThat(refusal(mixed)).contains(file.toString());
    }

    Path checkpoint = CheckpointFiles.newestFirst(other.disk(), HostileNode.CHECKPOINTS).getFirst();
    Restored mixed = copyOf(one);
    for (Path own : mixed.disk().list(HostileNode.CHECKPOINTS)) {
      mixed.disk().delete(own);
    }
    copy(other.disk(), mixed.disk(), checkpoint);
    assertThat(refusal(mixed)).contains(checkpoint.toString());

    // What was written before the restore, but after the op, is no part of it either.
    Path later = CheckpointFiles.newestFirst(original, HostileNode.CHECKPOINTS).getFirst();
    assertThat(CheckpointFiles.op(later)).isGreaterThan(CUT);
    mixed.disk().delete(checkpoint);
    copy(original, mixed.disk(), later);
    assertThat(refusal(mixed)).contains(later.toString());

    // And the history that went on without a restore takes nothing of this one.
    assertThat(refusal(new Restored(one.disk(), HostileNode.LINEAGE))).contains(".segment");
    assertThat(refusal(new Restored(one.disk(), other.lineage()))).contains(".segment");
  }

  private static Restored copyOf(Restored restored) throws IOException {
    HostileDisk disk = new HostileDisk(3);
    SmallHistory.files(restored.disk()).forEach((file, bytes) -> write(disk, file, bytes));
    return new Restored(disk, restored.lineage());
  }

  private static void write(HostileDisk disk, Path file, byte[] bytes) {
    try {
      disk.writeDurably(file, bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_restored_history_can_be_restored_again_in_its_branch_or_before_it() throws IOException {
    HostileDisk original = SmallHistory.uninterrupted();
    Restored first = restore(original, CUT, 7);
    run(first, CUT, CUT, SmallHistory.OPS - 10);

    Restored within = restore(first.disk(), CUT + 20, 8);
    assertThat(within.lineage().branches()).hasSize(3);
    assertThat(within.lineage().current().epoch()).isEqualTo(3);
    run(within, CUT + 20, CUT + 20, SmallHistory.OPS);
    assertThat(epochs(within.disk()).subList(CUT, CUT + 20)).containsOnly(2L);
    assertThat(epochs(within.disk()).subList(CUT + 20, SmallHistory.OPS)).containsOnly(3L);

    Restored before = restore(first.disk(), CUT - 20, 9);
    assertThat(before.lineage().branches()).hasSize(2);
    run(before, CUT - 20, CUT - 20, SmallHistory.OPS);
    for (Restored each : List.of(within, before)) {
      try (HostileNode node = each.start(SmallHistory.OPS)) {
        assertThat(node.ledger.digest()).isEqualTo(SmallHistory.DIGESTS.get(SmallHistory.OPS));
      }
      assertThat(audit(each.disk()).isWhole()).isTrue();
    }
  }

  @Test
  void a_journal_that_ends_before_its_branch_begins_takes_nothing_more() throws IOException {
    Restored restored = restore(SmallHistory.uninterrupted(), CUT, 7);
    JournalCut.after(restored.disk(), HostileNode.JOURNAL, KEY, CUT - 5);
    for (Path file : restored.disk().list(HostileNode.CHECKPOINTS)) {
      restored.disk().delete(file);
    }
    try (HostileNode node = restored.start(0)) {
      assertThatThrownBy(() -> node.apply(SmallHistory.BATCHES.get(CUT - 5)))
          .isInstanceOf(Invariants.Broken.class);
    }
  }

  @Test
  void a_journal_as_a_node_uses_it_goes_on_in_a_new_branch() throws IOException {
    Lineage lineage = Lineage.ofNew(LedgerRun.LEDGER_ID);
    try (Journal journal = open(lineage, 0);
        LedgerRun run = new LedgerRun(8, 60, recovered(journal))) {
      append(journal, run, 90);
    }
    JournalCut.End end =
        JournalCut.after(SystemDisk.INSTANCE, directory.resolve("journal"), KEY, CUT);
    Branch branch = new Branch(2, UInt128.of(7), CUT + 1, Chain.hex(end.chain()));
    Lineage branched = new Lineage(LedgerRun.LEDGER_ID, List.of(lineage.current(), branch));
    byte[] digest;
    try (Journal journal = open(branched, CUT);
        Ledger ledger = recovered(journal);
        LedgerRun run = new LedgerRun(8, 60)) {
      assertThat(journal.recoveredOp()).isEqualTo(CUT);
      while (run.ledger.op() < CUT) {
        run.next();
      }
      assertThat(ledger.digest()).isEqualTo(run.ledger.digest());
      append(journal, run, 30);
      digest = run.ledger.digest();
    }
    try (Journal journal = open(branched, CUT + 30);
        Ledger ledger = recovered(journal)) {
      assertThat(ledger.digest()).isEqualTo(digest);
    }
    JournalAudit.Result result =
        JournalAudit.verify(
            SystemDisk.INSTANCE,
            directory.resolve("journal"),
            directory.resolve("index"),
            directory.resolve("checkpoints"),
            KEY,
            segment -> {});
    assertThat(result.isWhole()).isTrue();
    assertThat(result.segments().getLast().epoch()).isEqualTo(2);
    assertThat(result.segments().getLast().lastOp()).isEqualTo(CUT + 30);
  }

  private Journal open(Lineage lineage, long durableOp) {
    return Journal.open(
        new Journal.Setup(
            SystemDisk.INSTANCE,
            directory.resolve("journal"),
            directory.resolve("index"),
            directory.resolve("checkpoints"),
            KEY,
            lineage,
            LedgerRun.GROUP,
            durableOp,
            200_000,
            4),
        failure -> {
          throw failure;
        },
        said -> {});
  }

  private static Ledger recovered(Journal journal) {
    return journal
        .recovery()
        .run(() -> new Ledger(1, journal.index().history(), Long.MAX_VALUE, 6))
        .ledger();
  }

  private static void append(Journal journal, LedgerRun run, int batches) {
    for (int i = 0; i < batches; i++) {
      run.next();
      journal.append(run.ledger, run.batch, run.batchBytes, run.results, 3, run.ledger.op() + 10);
    }
  }
}
