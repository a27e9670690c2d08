package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.testkit.HostileDisk;
import io.holdfast.testkit.HostileDisk.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The index is made anew from the journal alone, however often that is interrupted. */
class ReindexTest {
  private static Reindex.Made reindex(HostileDisk disk, List<Long> told) {
    return Reindex.run(
        disk,
        HostileNode.JOURNAL,
        HostileNode.INDEX,
        HostileNode.KEY,
        HostileNode.GENERATION,
        (op, lastOp) -> {
          assertThat(lastOp).isEqualTo(SmallHistory.OPS);
          told.add(op);
        });
  }

  @Test
  void the_index_made_anew_has_the_same_bytes() throws IOException {
    HostileDisk disk = SmallHistory.uninterrupted();
    Map<Path, byte[]> whole = SmallHistory.files(disk);
    List<Path> runs = disk.list(HostileNode.INDEX);
    disk.flip(runs.getFirst(), 8 * 300);
    disk.delete(runs.getLast());
    disk.writeDurably(
        HostileNode.INDEX.resolve("00000000000000000900-00000000000000000950.index"), new byte[3]);
    List<Long> told = new ArrayList<>();
    Reindex.Made made = reindex(disk, told);
    assertThat(made.runs()).isEqualTo(runs.size());
    assertThat(made.journalLastOp()).isEqualTo(SmallHistory.OPS);
    assertThat(made.lastOp()).isBetween(SmallHistory.OPS - 30L, (long) SmallHistory.OPS);
    assertThat(told).hasSize(SmallHistory.OPS).isSorted();
    assertSame(disk, whole);
  }

  @Test
  void whichever_call_fails_it_is_told_a_node_starts_and_it_can_be_begun_again()
      throws IOException {
    Map<Path, byte[]> whole = SmallHistory.files(SmallHistory.uninterrupted());
    HostileDisk counted = SmallHistory.uninterrupted();
    long before = counted.calls();
    reindex(counted, new ArrayList<>());
    long calls = counted.calls() - before;
    for (long call = 0; call < calls; call++) {
      HostileDisk disk = SmallHistory.uninterrupted();
      disk.failAfter(call, call % 3 == 0 ? Fault.FULL : Fault.FAILING);
      assertThatThrownBy(() -> reindex(disk, new ArrayList<>()))
          .as("call %d", call)
          .isInstanceOfSatisfying(
              HoldfastException.class, e -> assertThat(e.code()).isIn("disk-full", "disk-failed"));
      if (call % 2 == 0) {
        disk.crash();
      } else {
        disk.heal();
      }
      if (call % 4 < 2) {
        SmallHistory.runAll(disk, SmallHistory.OPS, SmallHistory.OPS);
        assertSame(disk, whole);
      }
      reindex(disk, new ArrayList<>());
      assertSame(disk, whole);
    }
  }

  @Test
  void a_damaged_journal_leaves_the_old_index_as_it_is() throws IOException {
    HostileDisk disk = SmallHistory.uninterrupted();
    Map<Path, byte[]> whole = SmallHistory.files(disk);
    Path segment = SegmentFiles.list(disk, HostileNode.JOURNAL).get(1);
    disk.flip(segment, 8 * 2000);
    assertThatThrownBy(() -> reindex(disk, new ArrayList<>()))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("journal-damaged"));
    disk.flip(segment, 8 * 2000);
    assertSame(disk, whole);
  }

  private static void assertSame(HostileDisk disk, Map<Path, byte[]> whole) throws IOException {
    Map<Path, byte[]> now = SmallHistory.files(disk);
    assertThat(withoutCheckpoints(now)).isEqualTo(withoutCheckpoints(whole));
    for (Path file : withoutCheckpoints(now)) {
      assertThat(now.get(file)).as("%s", file).isEqualTo(whole.get(file));
    }
  }

  /** One that was deleted may be back after a crash. */
  private static List<Path> withoutCheckpoints(Map<Path, byte[]> files) {
    return files.keySet().stream()
        .filter(file -> !file.startsWith(HostileNode.CHECKPOINTS))
        .toList();
  }
}
