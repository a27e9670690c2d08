package io.holdfast.cluster;

import io.holdfast.cluster.RootVote.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The roots of the other nodes' last checkpoints, as each said them last, and what {@link RootVote}
 * makes of them. Roots that were found to be the same are remembered for longer than the
 * checkpoints are kept, so that a node that is behind by some of them is judged as well. A node
 * that was found to be the odd one is named, silent or not, until the newest root that it has in
 * common with this node is the same: it comes back with the right ones. Safe for use by many
 * threads.
 */
final class Roots {
  /** A node that starts again is behind by some checkpoints at most, or has to be seeded. */
  private static final int REMEMBERED_MAX = 64;

  private final Map<String, SortedMap<Long, String>> heard = new TreeMap<>();
  private final NavigableMap<Long, Agreed> remembered = new TreeMap<>();
  private final Set<Compared> compared = new HashSet<>();
  private final SortedMap<String, Long> named = new TreeMap<>(); // with the op at which it differed
  private Verdict verdict = Verdict.AGREED;
  private long agreed;
  private long differing;

  /** A comparison that was counted. */
  private record Compared(String nodeId, long op, String root) {}

  /** A root of this node, and the others that said the same. */
  private record Agreed(String root, Set<String> nodeIds) {}

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
    remember(own);
    SortedMap<Long, String> all = new TreeMap<>(own);
    remembered.forEach((op, agreed) -> all.putIfAbsent(op, agreed.root()));
    Map<String, Map<Long, String>> roots = withRemembered();
    int members = others.size() + 1;
    verdict = RootVote.judge(all, roots, members);
    name(all, others);
    return new Judgement(
        verdict, verdict.selfIsOdd() ? RootVote.majority(verdict.op(), roots, members) : List.of());
  }

  private void remember(SortedMap<Long, String> own) {
    own.forEach(
        (op, root) ->
            heard.forEach(
                (nodeId, roots) -> {
                  if (root.equals(roots.get(op))) {
                    remembered
                        .computeIfAbsent(op, first -> new Agreed(root, new HashSet<>()))
                        .nodeIds()
                        .add(nodeId);
                  }
                }));
    while (remembered.size() > REMEMBERED_MAX) {
      remembered.pollFirstEntry();
    }
  }

  /** What each said last; where it says nothing of an op any more, that it agreed. */
  private Map<String, Map<Long, String>> withRemembered() {
    Map<String, Map<Long, String>> roots = new TreeMap<>();
    heard.forEach((nodeId, said) -> roots.put(nodeId, new TreeMap<>(said)));
    remembered.forEach(
        (op, agreed) ->
            agreed
                .nodeIds()
                .forEach(
                    nodeId -> {
                      Map<Long, String> said = roots.get(nodeId);
                      if (said != null) {
                        said.putIfAbsent(op, agreed.root());
                      }
                    }));
    return roots;
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
