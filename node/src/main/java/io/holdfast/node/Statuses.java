package io.holdfast.node;

import io.holdfast.client.SiteStatus;
import io.holdfast.cluster.SiteView;
import java.util.List;

/** What a node says of itself and its site, put into the words of the public API. */
final class Statuses {
  private Statuses() {}

  static SiteStatus of(SiteView view) {
    long leaderOp = leaderOp(view);
    List<SiteStatus.Member> members =
        view.peers().stream()
            .map(
                peer ->
                    new SiteStatus.Member(
                        peer.nodeId(),
                        peer.address(),
                        peer.role(),
                        peer.op(),
                        leaderOp < 0 || peer.op() < 0 ? -1 : Math.max(0, leaderOp - peer.op()),
                        peer.clockOffsetMillis(),
                        peer.lastHeardMillis()))
            .toList();
    return new SiteStatus(
        view.ledgerId(),
        view.site(),
        view.nodeId(),
        Version.text(),
        view.leader(),
        view.term(),
        view.op(),
        view.transfers(),
        view.accounts(),
        members,
        view.incidents());
  }

  /** Ops that this node is behind the leader as last heard of; 0 when not known. */
  static long lagOps(SiteView view) {
    return Math.max(0, leaderOp(view) - view.op());
  }

  private static long leaderOp(SiteView view) {
    if (view.nodeId().equals(view.leader())) {
      return view.op();
    }
    return view.peers().stream()
        .filter(peer -> peer.nodeId().equals(view.leader()))
        .mapToLong(SiteView.Peer::op)
        .findFirst()
        .orElse(-1);
  }
}
