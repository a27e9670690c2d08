package io.holdfast.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node knows of its site at one moment.
 *
 * @param role {@code leader}, {@code follower}, {@code candidate}, {@code starting} or {@code
 *     joining}
 * @param leaderReady whether a leader is known and, if it is this node, takes writes
 */
public record SiteView(
    String ledgerId,
    String site,
    String nodeId,
    String role,
    @Nullable String leader,
    boolean leaderReady,
    long term,
    long op,
    long transfers,
    long accounts,
    List<Peer> peers,
    List<String> incidents) {

  /**
   * A member as last heard of; -1 where nothing is known.
   *
   * @param declined names of what it leaves to others to do for the site
   */
  public record Peer(
      String nodeId,
      String address,
      String role,
      long op,
      long clockOffsetMillis,
      long lastHeardMillis,
      List<String> declined) {}
}
