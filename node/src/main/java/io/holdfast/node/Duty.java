package io.holdfast.node;

import io.holdfast.cluster.SiteView;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which node of a site does the work for one of its repositories of backups, as one node sees it:
 * of those that follow and keep up the one whose name comes first, so that the leader has its disk
 * and processor to itself; without such a one, the leader. One that declines, since it failed to,
 * does it only when all do. Two nodes may see it differently for a moment, which does no harm.
 */
final class Duty {
  /** One further behind would send what it has late: some ten seconds of full load. */
  static final long LAG_OPS_MAX = 1_000;

  private Duty() {}

  /** The node's name; empty while nobody follows or leads. */
  static Optional<String> of(SiteView view, String repository) {
    return first(view, peer -> !peer.declined().contains(repository))
        .or(() -> first(view, peer -> true));
  }

  private static Optional<String> first(SiteView view, Predicate<SiteView.Peer> able) {
    long furthest = view.peers().stream().mapToLong(SiteView.Peer::op).max().orElse(0);
    List<SiteView.Peer> peers = view.peers().stream().filter(able).toList();
    return peers.stream()
        .filter(peer -> peer.role().equals("follower") && furthest - peer.op() <= LAG_OPS_MAX)
        .map(SiteView.Peer::nodeId)
        .min(Comparator.naturalOrder())
        .or(
            () ->
                peers.stream()
                    .filter(peer -> peer.role().equals("leader"))
                    .map(SiteView.Peer::nodeId)
                    .findFirst());
  }
}
