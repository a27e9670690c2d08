package io.holdfast.cluster;

import io.holdfast.cluster.RootVote.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The roots of the other nodes' last checkpoints, as each said them last, and what {@link RootVote}
 * makes of them. A node that was found to be the odd one is named, silent or not, until the newest
 * root that it has in common with this node is the same: it comes back with the right ones. Safe
 * for use by many threads.
 */
final class Roots {
  private final Map<String, SortedMap<Long, String>> heard = new TreeMap<>();
  private final Set<Compared> compared = new HashSet<>();
  private final SortedMap<String, Long> named = new TreeMap<>(); // with the op at which it differed
  private Verdict verdict = Verdict.AGREED;
  private long agreed;
  private long differing;

  /** A comparison that was counted. */
  private record Compared(String nodeId, long op, String root) {}

  /**
   * What came of comparing.
   *
   * @param majority where this node is the odd one: the others, which agree
   */
  record Judgement(Verdict verdict, List<String> majority) {}

  /** How often roots were compared, each once for each op and node. */
  record Counts(long agreed, long differing) {}

  /** A node said which roots it has. */
  synchronized void heard(String nodeId, SortedMap<Long, String> roots) {
    heard.put(nodeId, roots);
  }

  /**
   * Compares this node's roots with those of the others.
   *
   * @param others the other members of the site
   */
  synchronized Judgement judge(SortedMap<Long, String> own, List<String> others) {
    heard.keySet().retainAll(others);
    count(own);
    Map<String, Map<Long, String>> roots = new TreeMap<>(heard);
    int members = others.size() + 1;
    verdict = RootVote.judge(own, roots, members);
    name(own, others);
    return new Judgement(
        verdict, verdict.selfIsOdd() ? RootVote.majority(verdict.op(), roots, members) : List.of());
  }

  private void name(SortedMap<Long, String> own, List<String> others) {
    named.keySet().removeIf(nodeId -> !others.contains(nodeId) || hasTheSameAgain(nodeId, own));
    for (String nodeId : verdict.odd()) {
      named.putIfAbsent(nodeId, verdict.op());
    }
  }

  private boolean hasTheSameAgain(String nodeId, SortedMap<Long, String> own) {
    SortedMap<Long, String> common = new TreeMap<>(heard.getOrDefault(nodeId, new TreeMap<>()));
    common.keySet().retainAll(own.keySet());
    return !common.isEmpty()
        && Objects.equals(own.get(common.lastKey()), common.get(common.lastKey()));
  }

  private void count(SortedMap<Long, String> own) {
    compared.removeIf(one -> !own.containsKey(one.op()) || !heard.containsKey(one.nodeId()));
    heard.forEach(
        (nodeId, roots) ->
            roots.forEach(
                (op, root) -> {
                  String mine = own.get(op);
                  if (mine != null && compared.add(new Compared(nodeId, op, root))) {
                    if (mine.equals(root)) {
                      agreed++;
                    } else {
                      differing++;
                    }
                  }
                }));
  }

  synchronized Counts counts() {
    return new Counts(agreed, differing);
  }

  /** What is wrong as far as was compared, in words. */
  synchronized List<String> incidents(String self) {
    List<String> incidents = new ArrayList<>();
    named.forEach(
        (nodeId, op) ->
            incidents.add(
                "replica-diverged: "
                    + nodeId
                    + " has another state at op "
                    + op
                    + " than the majority; it stops answering and rebuilds itself"));
    if (!verdict.disputed().isEmpty()) {
      incidents.add(
          "replicas-differ: "
              + self
              + " and "
              + String.join(", ", verdict.disputed())
              + " have different states at op "
              + verdict.op()
              + ", and no majority says which is right");
    }
    return incidents;
  }
}
