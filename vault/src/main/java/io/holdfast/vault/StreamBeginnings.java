package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * After which backup of each branch its tails go on. That is the newest one, as soon as the stream
 * has heard of it; until then one before, whose tails reach further: then that one and its tails
 * are needed, though the newest has part of the same ops.
 *
 * @param byBranch the backup after which a restore follows tails; of each branch with a backup
 * @param tails names of those that are needed, though a newer backup may cover them
 */
record StreamBeginnings(Map<String, Manifests.Named> byBranch, Set<String> tails) {
  /** A restore looks no further back. */
  private static final int LOOKED_AT = 3;

  static StreamBeginnings find(Vault vault, Collection<Manifests.Named> backups) {
    Map<String, List<Manifests.Named>> branches = new HashMap<>();
    for (Manifests.Named named : backups) {
      branches
          .computeIfAbsent(Coverage.branch(named.manifest()), branch -> new ArrayList<>())
          .add(named);
    }
    Map<String, Manifests.Named> byBranch = new HashMap<>();
    Set<String> names = new HashSet<>();
    branches.forEach((branch, of) -> byBranch.put(branch, beginning(vault, of, names)));
    return new StreamBeginnings(byBranch, names);
  }

  private static Manifests.Named beginning(
      Vault vault, List<Manifests.Named> backups, Set<String> names) {
    backups.sort(
        Comparator.comparingLong((Manifests.Named named) -> named.manifest().lastOp())
            .thenComparingLong(named -> named.manifest().takenAt())
            .thenComparing(Manifests.Named::name) // as rules of retention tell which is newer
            .reversed());
    Manifests.Named newest = backups.getFirst();
    UInt128 branch = Coverage.lineage(newest.manifest()).current().id();
    Tails tails = new Tails(vault, branch);
    long newestOp = newest.manifest().lastOp();
    TreeSet<Long> lookedAt = new TreeSet<>();
    for (Manifests.Named named : backups) {
      long lastOp = named.manifest().lastOp();
      if (lookedAt.size() == LOOKED_AT || !lookedAt.add(lastOp)) {
        continue;
      }
      if (lastOp == newestOp) {
        if (vault.repository().has(tails.name(lastOp + 1))) {
          return newest;
        }
        continue;
      }
      Set<String> followed = new HashSet<>();
      if (reaches(tails, lastOp, newestOp, followed)) {
        names.addAll(followed);
        return named;
      }
    }
    return newest;
  }

  /** Whether tails lead beyond an op, or to one that cannot be read: nobody knows how far. */
  private static boolean reaches(Tails tails, long fromOp, long beyond, Set<String> names) {
    long at = fromOp;
    while (at <= beyond) {
      names.add(tails.name(at + 1));
      try {
        List<TailGroup.Row> rows = tails.rows(at + 1);
        if (rows.isEmpty()) {
          return false;
        }
        rows.forEach(row -> names.add(tails.name(row.firstOp())));
        names.add(tails.groupName(at + 1));
        at = rows.getLast().lastOp();
      } catch (HoldfastException e) {
        if (e.code().startsWith("repository-")) {
          throw e;
        }
        return true;
      }
    }
    return true;
  }
}
