package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testkit.HostileDisk;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A short history in which everything happens that a {@link HostileNode} does: segments are sealed,
 * runs merged, checkpoints completed and old ones deleted. Beside it what a ledger says that never
 * saw a disk.
 */
final class SmallHistory {
  static final int OPS = 117;

  /** By op less 1. */
  static final List<byte[]> BATCHES = new ArrayList<>();

  /** Of the ledger after each op, from 0 on. */
  static final List<byte[]> DIGESTS = new ArrayList<>();

  /** After each op, from 0 on. */
  static final List<byte[]> CHAINS = new ArrayList<>();

  static {
    Chain chain = new Chain(Chain.beginning(LedgerRun.LEDGER_ID));
    try (LedgerRun model = new LedgerRun(21, 5)) {
      DIGESTS.add(model.ledger.digest());
      CHAINS.add(chain.value());
      for (int op = 1; op <= OPS; op++) {
        model.next();
        byte[] batch = new byte[model.batchBytes];
        MemorySegment.copy(model.batch, ValueLayout.JAVA_BYTE, 0, batch, 0, batch.length);
        BATCHES.add(batch);
        byte[] entry = model.entry();
        chain.add(entry, 0, entry.length);
        DIGESTS.add(model.ledger.digest());
        CHAINS.add(chain.value());
      }
    }
  }

  private SmallHistory() {}

  /** A disk on which all of it happened, and nothing else. */
  static HostileDisk uninterrupted() {
    HostileDisk disk = new HostileDisk(1);
    runAll(disk, 0, OPS);
    return disk;
  }

  /** Starts a node, lets it go on to this op, and stops it. */
  static void runAll(HostileDisk disk, long durableOp, int ops) {
    runAll(disk, durableOp, ops, HostileNode.GENERATION);
  }

  /** As the other, with generations of another size. */
  static void runAll(HostileDisk disk, long durableOp, int ops, int generation) {
    try (HostileNode node = new HostileNode(disk, durableOp, generation)) {
      assertThat(node.ledger.digest()).isEqualTo(DIGESTS.get((int) node.ledger.op()));
      while (node.ledger.op() < ops) {
        node.apply(BATCHES.get((int) node.ledger.op()));
        if (node.ledger.op() % 3 == 0) {
          node.flush();
        }
      }
      node.sync();
      assertThat(node.ledger.digest()).isEqualTo(DIGESTS.get(ops));
    }
  }

  /** All that a node left on its disk. */
  static Map<Path, byte[]> files(HostileDisk disk) throws IOException {
    Map<Path, byte[]> found = new TreeMap<>();
    for (Path directory :
        List.of(HostileNode.JOURNAL, HostileNode.INDEX, HostileNode.CHECKPOINTS)) {
      for (Path file : disk.list(directory)) {
        found.put(file, disk.bytes(file));
      }
    }
    return found;
  }
}
