package io.holdfast.node;

import io.holdfast.cluster.SiteView;
import java.util.Comparator;
import java.util.Optional;

/**
 * Which node of a site does the work for its backups, as one node sees it: of those that follow and
 * keep up the one whose name comes first, so that the leader has its disk and processor to itself;
 * without such a one, the leader. Two nodes may see it differently for a moment, which does no
 * harm.
 */
final class Duty {
  /** One further behind would send what it has late: some ten seconds of full load. */
  static final long LAG_OPS_MAX = 1_000;

  private Duty() {}

  /** The node's name; empty while nobody follows or leads. */
  static Optional<String> of(SiteView view) {
    long furthest = view.peers().stream().mapToLong(SiteView.Peer::op).max().orElse(0);
    return view.peers().stream()
        .filter(peer -> peer.role().equals("follower") && furthest - peer.op() <= LAG_OPS_MAX)
        .map(SiteView.Peer::nodeId)
        .min(Comparator.naturalOrder())
        .or(
            () ->
                view.peers().stream()
                    .filter(peer -> peer.role().equals("leader"))
                    .map(SiteView.Peer::nodeId)
                    .findFirst());
  }

  static boolean isMine(SiteView view) {
    return of(view).filter(view.nodeId()::equals).isPresent();
  }
}
