package io.holdfast.vault;

import io.holdfast.journal.Branch;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * How far backups reach on each branch by their segments alone. A tail that ends within that is
 * needed by nobody: each moment that it holds is restored from those segments.
 */
final class Coverage {
  private final Map<UInt128, Long> lastOps = new HashMap<>();

  private Coverage() {}

  static Coverage of(Collection<BackupManifest> manifests) {
    Coverage coverage = new Coverage();
    for (BackupManifest manifest : manifests) {
      List<Branch> branches = lineage(manifest).branches();
      for (int i = 0; i < branches.size(); i++) {
        long until =
            i + 1 < branches.size()
                ? Math.min(manifest.lastOp(), branches.get(i + 1).firstOp() - 1)
                : manifest.lastOp();
        coverage.lastOps.merge(branches.get(i).id(), until, Math::max);
      }
    }
    return coverage;
  }

  boolean has(Tail tail) {
    return has(tail.branch(), tail.lastOp());
  }

  boolean has(TailGroup group) {
    return has(group.branch(), group.rows().getLast().lastOp());
  }

  private boolean has(UInt128 branch, long lastOp) {
    return lastOp <= lastOps.getOrDefault(branch, 0L);
  }

  /**
   * Which history a backup is of.
   *
   * @throws HoldfastException code {@code object-damaged}
   */
  static Lineage lineage(BackupManifest manifest) {
    Lineage lineage = null;
    try {
      lineage = Lineage.parse(HexFormat.of().parseHex(manifest.lineage()));
    } catch (IllegalArgumentException notHex) {
      // Said below.
    }
    if (lineage == null) {
      throw new HoldfastException(
          "object-damaged",
          "a backup of ledger " + manifest.ledgerId() + " does not say which history it is of",
          "it may be of a later version of Holdfast");
    }
    return lineage;
  }

  /** Names the branch that a backup ends in. */
  static String branch(BackupManifest manifest) {
    return lineage(manifest).current().id().toHex();
  }
}
