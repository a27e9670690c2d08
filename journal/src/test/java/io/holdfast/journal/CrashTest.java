package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.FrozenState;
import io.holdfast.testkit.HostileDisk;
import io.holdfast.testkit.HostileDisk.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Journal, index and checkpoints together on a disk that keeps no more than it promised, crashed at
 * any call; beside them a ledger that never saw a disk. Seeds are printed on failure.
 */
class CrashTest {
  private static final int OPS = SmallHistory.OPS;
  private static final int SEEDS = Integer.getInteger("holdfast.seeds", 250);
  private static final int CRASHES = 20;

  /** One node through many crashes, until it has applied everything. */
  private static final class Life {
    private final HostileDisk disk;
    private final Random random;
    private long durableOp;
    private long indexedOp;
    private long checkpointOp;
    private int crashes;

    Life(long seed) {
      this.disk = new HostileDisk(seed);
      this.random = new Random(seed * 31 + 7);
    }

    Life live() throws IOException {
      while (durableOp < OPS) {
        if (crashes < CRASHES && random.nextInt(4) > 0) {
          int calls = random.nextInt(4) == 0 ? 40 : 400;
          disk.failAfter(random.nextInt(calls), random.nextBoolean() ? Fault.FULL : Fault.FAILING);
        }
        try {
          run(crashes < CRASHES ? random.nextInt(OPS / 4) : OPS);
        } catch (HoldfastException e) {
          assertThat(e.code()).as(e.message()).isIn("disk-full", "disk-failed");
        }
        if (durableOp < OPS) {
          crashes++;
          if (random.nextInt(3) == 0) {
            disk.heal(); // only the process died: what it wrote is in the machine's memory still
          } else {
            disk.crash();
          }
        }
      }
      disk.heal();
      return this;
    }

    private void run(int more) {
      try (HostileNode node = start()) {
        long to = Math.min(OPS, node.ledger.op() + more);
        while (node.ledger.op() < to) {
          node.apply(SmallHistory.BATCHES.get((int) node.ledger.op()));
          switch (random.nextInt(6)) {
            case 0 -> node.sync();
            case 1, 2 -> node.flush();
            default -> {}
          }
          note(node);
        }
        if (more == OPS) {
          node.sync();
          note(node);
        }
      }
    }

    private HostileNode start() {
      HostileNode node = new HostileNode(disk, durableOp);
      int op = (int) node.ledger.op();
      assertThat(op).as("nothing that was durable is lost").isGreaterThanOrEqualTo((int) durableOp);
      assertThat(node.ledger.digest())
          .as("state after op %d", op)
          .isEqualTo(SmallHistory.DIGESTS.get(op));
      assertThat(node.chain()).isEqualTo(SmallHistory.CHAINS.get(op));
      assertThat(node.recovered.passedOver()).as("checkpoints that cannot be used").isEmpty();
      assertThat(node.checkpointOp()).isGreaterThanOrEqualTo(checkpointOp);
      assertThat(node.said).as("what is wrong with the index").isEmpty();
      assertThat(node.indexedOp()).isGreaterThanOrEqualTo(indexedOp);
      note(node);
      return node;
    }

    private void note(HostileNode node) {
      durableOp = Math.max(durableOp, node.durableOp());
      indexedOp = Math.max(indexedOp, node.indexedOp());
      checkpointOp = Math.max(checkpointOp, node.checkpointOp());
    }
  }

  @Test
  void after_every_crash_all_that_was_durable_is_there_and_nothing_is_half_there()
      throws IOException {
    Map<Path, byte[]> whole = SmallHistory.files(SmallHistory.uninterrupted());
    int crashes = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      try {
        Life life = new Life(seed).live();
        crashes += life.crashes;
        assertSame(SmallHistory.files(life.disk), whole);
      } catch (RuntimeException | AssertionError | IOException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
    assertThat(crashes).isGreaterThan(SEEDS * 10);
  }

  @Test
  void the_same_seed_gives_the_same_trace() throws IOException {
    for (int seed = 0; seed < 10; seed++) {
      HostileDisk first = new Life(seed).live().disk;
      HostileDisk second = new Life(seed).live().disk;
      assertThat(second.trace()).as("seed %d", seed).isEqualTo(first.trace());
    }
  }

  /** A checkpoint that a crash prevented is not made up for; all else is there, and the same. */
  private static void assertSame(Map<Path, byte[]> found, Map<Path, byte[]> whole) {
    assertThat(withoutCheckpoints(found)).isEqualTo(withoutCheckpoints(whole));
    found.forEach(
        (file, bytes) -> {
          if (whole.containsKey(file)) {
            assertThat(bytes).as("%s", file).isEqualTo(whole.get(file));
          }
        });
  }

  private static List<Path> withoutCheckpoints(Map<Path, byte[]> files) {
    return files.keySet().stream().filter(file -> !file.startsWith("/checkpoints")).toList();
  }

  @Test
  void whichever_call_fails_it_is_told_and_a_restart_goes_on() throws IOException {
    Map<Path, byte[]> whole = SmallHistory.files(SmallHistory.uninterrupted());
    long calls = SmallHistory.uninterrupted().calls();
    for (Fault fault : Fault.values()) {
      String code = fault == Fault.FULL ? "disk-full" : "disk-failed";
      for (long call = 0; call < calls; call++) {
        HostileDisk disk = new HostileDisk(call);
        disk.failAfter(call, fault);
        assertThatThrownBy(() -> SmallHistory.runAll(disk, 0, OPS))
            .as("call %d", call)
            .isInstanceOfSatisfying(
                HoldfastException.class, e -> assertThat(e.code()).isEqualTo(code));
        crashOrDie(disk, call + (fault == Fault.FULL ? 0 : 1));
        SmallHistory.runAll(disk, 0, OPS);
        assertSame(SmallHistory.files(disk), whole);
      }
    }
  }

  /** Of two calls with numbers that follow each other, the power goes or only the process dies. */
  private static void crashOrDie(HostileDisk disk, long number) {
    if (number % 2 == 0) {
      disk.crash();
    } else {
      disk.heal();
    }
  }

  @Test
  void whichever_call_of_a_start_fails_it_is_told_and_the_next_start_goes_on() throws IOException {
    Map<Path, byte[]> whole = SmallHistory.files(SmallHistory.uninterrupted());
    HostileDisk counted = withoutIndex();
    long before = counted.calls();
    SmallHistory.runAll(counted, OPS, OPS);
    long calls = counted.calls() - before;
    assertSame(SmallHistory.files(counted), whole);
    for (long call = 0; call < calls; call++) {
      HostileDisk disk = withoutIndex();
      disk.failAfter(call, call % 3 == 0 ? Fault.FULL : Fault.FAILING);
      assertThatThrownBy(() -> SmallHistory.runAll(disk, OPS, OPS))
          .as("call %d", call)
          .isInstanceOfSatisfying(
              HoldfastException.class, e -> assertThat(e.code()).isIn("disk-full", "disk-failed"));
      crashOrDie(disk, call);
      SmallHistory.runAll(disk, OPS, OPS);
      assertSame(SmallHistory.files(disk), whole);
    }
  }

  /** All that a node left, but for its index. */
  private static HostileDisk withoutIndex() throws IOException {
    HostileDisk disk = SmallHistory.uninterrupted();
    for (Path run : disk.list(HostileNode.INDEX)) {
      disk.delete(run);
    }
    disk.syncDirectory(HostileNode.INDEX);
    return disk;
  }

  @Test
  void the_run_that_is_crashed_at_each_call_seals_merges_and_purges() throws IOException {
    List<Path> files = List.copyOf(SmallHistory.files(SmallHistory.uninterrupted()).keySet());
    assertThat(files).filteredOn(file -> file.startsWith("/journal")).hasSizeGreaterThan(2);
    assertThat(files).filteredOn(file -> file.startsWith("/checkpoints")).hasSize(2);
    HostileDisk disk = SmallHistory.uninterrupted();
    try (HostileNode node = new HostileNode(disk, OPS)) {
      assertThat(node.checkpointOp()).isGreaterThan(OPS / 2);
      assertThat(node.recovered.events()).isPositive();
      assertThat(node.levels()).anyMatch(level -> level > 0).anyMatch(level -> level == 0);
    }
  }

  @Test
  void a_checkpoint_that_is_damaged_or_not_of_this_history_is_caught() throws IOException {
    HostileDisk disk = SmallHistory.uninterrupted();
    List<Path> files = CheckpointFiles.newestFirst(disk, HostileNode.CHECKPOINTS);
    long op = CheckpointFiles.op(files.getFirst());
    Path stale = Path.of("/elsewhere/checkpoint");
    disk.move(files.getFirst(), stale);

    // An older state under the newer name.
    copy(disk, files.getLast(), files.getFirst());
    assertPassedOver(disk, 1, "its footer does not fit its header or name");

    // Whole and well sealed, after the same op, but of another history.
    otherCheckpoint(disk, op);
    assertPassedOver(disk, 1, "the chain of the journal after op " + op + " is not the one in it");

    // Each page well sealed and in its place, one of them from another state after the same op.
    byte[] other = disk.bytes(files.getFirst());
    byte[] mixed = disk.bytes(stale);
    int pageAt = CheckpointHeader.BYTES;
    int pageBytes = FrozenState.PAGE_BYTES + FrameLayout.OVERHEAD_BYTES;
    assertThat(
            Arrays.mismatch(mixed, pageAt, pageAt + pageBytes, other, pageAt, pageAt + pageBytes))
        .isNotNegative();
    System.arraycopy(other, pageAt, mixed, pageAt, pageBytes);
    disk.writeDurably(files.getFirst(), mixed);
    assertPassedOver(disk, 1, "its pages do not give its root");

    copy(disk, stale, files.getFirst());
    assertPassedOver(disk, 0, "");
    Random random = new Random(3);
    long bits = 8L * disk.bytes(files.getFirst()).length;
    for (int i = 0; i < 60; i++) {
      long bit = random.nextLong(bits);
      disk.flip(files.getFirst(), bit);
      assertPassedOver(disk, 1, files.getFirst() + " is damaged");
      disk.flip(files.getFirst(), bit);
    }
  }

  @Test
  void a_run_found_damaged_while_a_node_runs_is_set_aside_and_made_anew_by_the_next_start()
      throws IOException {
    Map<Path, byte[]> whole = SmallHistory.files(SmallHistory.uninterrupted());
    int found = 0;
    for (Path run : SmallHistory.uninterrupted().list(HostileNode.INDEX)) {
      HostileDisk disk = new HostileDisk(1);
      SmallHistory.runAll(disk, 0, OPS - 10);
      if (!disk.exists(run)) {
        continue; // it was not made yet
      }
      disk.flip(run, 8L * (RunHeader.BYTES + 200)); // in a block of ops or ids
      try {
        SmallHistory.runAll(disk, OPS - 10, OPS);
      } catch (HoldfastException e) {
        assertThat(e.code()).isEqualTo("index-damaged");
        assertThat(disk.exists(run)).isFalse();
        assertThat(disk.exists(Path.of(run + ".damaged"))).isTrue();
        found++;
        SmallHistory.runAll(disk, OPS - 10, OPS);
        disk.delete(Path.of(run + ".damaged"));
        assertSame(SmallHistory.files(disk), whole);
      }
    }
    assertThat(found).isPositive();
  }

  private static void assertPassedOver(HostileDisk disk, int count, String says) {
    try (HostileNode node = new HostileNode(disk, OPS)) {
      assertThat(node.recovered.passedOver()).hasSize(count).allMatch(why -> why.contains(says));
      assertThat(node.checkpointOp()).isPositive();
      assertThat(node.ledger.digest()).isEqualTo(SmallHistory.DIGESTS.get(OPS));
    }
  }

  private static void copy(HostileDisk disk, Path from, Path to) throws IOException {
    disk.delete(to);
    disk.writeDurably(to, disk.bytes(from));
  }

  /** Writes a checkpoint after the same op of a ledger that something else happened to. */
  private static void otherCheckpoint(HostileDisk disk, long op) throws IOException {
    try (LedgerRun other = new LedgerRun(22, 5)) {
      while (other.ledger.op() < op) {
        other.next();
      }
      Checkpoint written =
          CheckpointWriter.write(
              disk,
              HostileNode.CHECKPOINTS,
              HostileNode.KEY,
              HostileNode.LINEAGE,
              other.ledger.freeze(),
              new CheckpointWriter.Place(SmallHistory.CHAINS.get(1), LedgerRun.GROUP, 3, op + 10),
              bytes -> {},
              () -> false);
      assertThat(written).isNotNull();
      CheckpointFiles.complete(disk, HostileNode.CHECKPOINTS, op);
      other.ledger.thaw();
    }
  }
}
