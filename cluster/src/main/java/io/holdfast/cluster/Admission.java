package io.holdfast.cluster;

import io.holdfast.cluster.PeerMessages.Hello;
import io.holdfast.kernel.HoldfastException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes may take part here, by the hello they say: those with the same ledger, key and
 * history, that were not removed and have not lost their disk. Safe for use by many threads.
 */
final class Admission {
  /** Stands for a node that was already in use when it was first heard. */
  private static final long NEVER_FRESH = 0;

  private final Members members;
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> met;

  /**
   * @param met the nodes that were heard before this start
   */
  Admission(Members members, Map<String, Long> met) {
    this.members = members;
    this.met = new ConcurrentHashMap<>(met);
  }

  /** Members that may not take part, for they hold another ledger, history or key. */
  Set<String> refused() {
    return refused;
  }

  /** Whether consensus may hear a node of this name. */
  boolean mayTakePart(String nodeId) {
    return members.mayTakePart(nodeId) && !refused.contains(nodeId);
  }

  /** The nodes that take part, as far as this one knows; see {@link Progress}. */
  Map<String, Long> met() {
    return met;
  }

  /** Lets a node take part, or refuses one that belongs to something else. */
  void admit(String nodeId, Hello own, Hello hello) {
    HoldfastException mismatch = mismatch(nodeId, own, hello);
    if (mismatch == null && members.isRemoved(nodeId)) {
      throw members.removed(nodeId);
    }
    if (mismatch == null) {
      mismatch = lostDisk(nodeId, hello);
    }
    if (mismatch != null) {
      refused.add(nodeId);
      throw mismatch;
    }
    refused.remove(nodeId);
  }

  /** Remembers a node that takes part by now. */
  void meet(String nodeId, Hello hello) {
    if (hello.takesPart()) {
      met.putIfAbsent(nodeId, hello.fresh() ? hello.boot() : NEVER_FRESH);
    }
  }

  private static @Nullable HoldfastException mismatch(String nodeId, Hello own, Hello other) {
    if (!own.ledgerId().equals(other.ledgerId())) {
      return new HoldfastException(
          "wrong-ledger",
          nodeId + " belongs to ledger " + other.ledgerId() + ", this node to " + own.ledgerId(),
          "each node needs the directory that was made for it");
    }
    if (!own.dataKeyId().equals(other.dataKeyId())) {
      return new HoldfastException(
          "wrong-data-key",
          nodeId + " has data key " + other.dataKeyId() + ", this node " + own.dataKeyId(),
          "copy keys/data.key from another node of the ledger");
    }
    if (!own.lineage().equals(other.lineage())) {
      return new HoldfastException(
          "wrong-lineage",
          nodeId
              + " has another history of the ledger: "
              + other.lineage().describe()
              + "; this node has "
              + own.lineage().describe(),
          "the two were restored or reinstated apart; rebuild the one that the site's others do"
              + " not agree with");
    }
    return null;
  }

  /** A node that was here before and comes with a new directory has forgotten how it voted. */
  private @Nullable HoldfastException lostDisk(String nodeId, Hello hello) {
    Long before = met.get(nodeId);
    meet(nodeId, hello);
    if (!hello.fresh() || before == null || before == hello.boot()) {
      return null;
    }
    return new HoldfastException(
        "lost-disk",
        nodeId + " was a member with data before and comes with an empty directory",
        "it has forgotten what it acknowledged and how it voted, so it must not come back under its"
            + " name; the other nodes pay on. Replace it: holdfast node replace "
            + nodeId);
  }
}
