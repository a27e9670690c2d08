package io.holdfast.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges from the roots of checkpoints whether the replicas of a site still agree. Checkpoints fall
 * on the same ops everywhere and their roots cover state and chain, so two roots of one op that
 * differ prove that one of the two replicas is wrong; a majority says which.
 */
final class RootVote {
  private RootVote() {}

  /**
   * What came of it.
   *
   * @param op where the roots differ; 0 where none do
   * @param selfIsOdd whether a majority agrees with each other and not with this node
   * @param odd the other nodes whose root a majority contradicts
   * @param disputed nodes that differ from this one while no majority says who is right
   */
  record Verdict(long op, boolean selfIsOdd, List<String> odd, List<String> disputed) {
    static final Verdict AGREED = new Verdict(0, false, List.of(), List.of());

    Verdict {
      odd = List.copyOf(odd);
      disputed = List.copyOf(disputed);
    }
  }

  /**
   * Judges the oldest op at which roots differ.
   *
   * @param own this node's roots by op
   * @param others each other node's roots by op
   * @param members how many nodes the site has
   */
  static Verdict judge(Map<Long, String> own, Map<String, Map<Long, String>> others, int members) {
    for (Map.Entry<Long, String> mine : new TreeMap<>(own).entrySet()) {
      Verdict verdict = judge(mine.getKey(), mine.getValue(), others, members);
      if (verdict.op() != 0) {
        return verdict;
      }
    }
    return Verdict.AGREED;
  }

  /** The other nodes that have the root at an op that a majority has; none if there is none. */
  static List<String> majority(long op, Map<String, Map<Long, String>> others, int members) {
    Map<String, List<String>> nodes = new HashMap<>();
    new TreeMap<>(others)
        .forEach(
            (node, roots) -> {
              String root = roots.get(op);
              if (root != null) {
                nodes.computeIfAbsent(root, same -> new ArrayList<>()).add(node);
              }
            });
    return nodes.values().stream()
        .filter(same -> same.size() >= members / 2 + 1)
        .findFirst()
        .orElse(List.of());
  }

  private static Verdict judge(
      long op, String mine, Map<String, Map<Long, String>> others, int members) {
    Map<String, Integer> votes = new HashMap<>();
    votes.put(mine, 1);
    List<String> different = new ArrayList<>();
    for (Map.Entry<String, Map<Long, String>> other : new TreeMap<>(others).entrySet()) {
      String root = other.getValue().get(op);
      if (root != null) {
        votes.merge(root, 1, Integer::sum);
        if (!root.equals(mine)) {
          different.add(other.getKey());
        }
      }
    }
    if (different.isEmpty()) {
      return Verdict.AGREED;
    }
    int majority = members / 2 + 1;
    if (votes.getOrDefault(mine, 0) >= majority) {
      return new Verdict(op, false, different, List.of());
    }
    boolean selfIsOdd = votes.values().stream().anyMatch(count -> count >= majority);
    return new Verdict(op, selfIsOdd, List.of(), selfIsOdd ? List.of() : different);
  }
}
