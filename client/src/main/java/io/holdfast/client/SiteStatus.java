package io.holdfast.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one node knows of itself and its site at one moment.
 *
 * @param ledgerId 32 hex digits
 * @param site the site's name
 * @param node the node that says so
 * @param leader the node that leads; null while there is none
 * @param term the consensus term
 * @param op the last op applied here
 * @param transfers transfers created so far, as applied here
 * @param accounts accounts created so far, as applied here
 * @param nodes all members, each as last heard of
 * @param incidents what is wrong now, in words; empty when all is well
 */
public record SiteStatus(
    String ledgerId,
    String site,
    String node,
    String version,
    @Nullable String leader,
    long term,
    long op,
    long transfers,
    long accounts,
    List<Member> nodes,
    List<String> incidents) {

  public SiteStatus {
    nodes = List.copyOf(nodes);
    incidents = List.copyOf(incidents);
  }

  /**
   * One member of the site.
   *
   * @param role {@code leader}, {@code follower}, {@code candidate}, {@code starting} or {@code
   *     unreachable}
   * @param op the last op applied there; -1 when not known
   * @param lagOps ops behind the leader; -1 when not known
   * @param clockOffsetMillis its wall clock against the median of the members
   * @param lastHeardMillis how long ago it was heard of; 0 for the node itself
   */
  public record Member(
      String node,
      String address,
      String role,
      long op,
      long lagOps,
      long clockOffsetMillis,
      long lastHeardMillis) {}
}
