package io.holdfast.cluster;

import io.holdfast.kernel.HoldfastException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusException;

/**
 * How the other members take this node's hello: a node that they do not want, or that has lost its
 * disk, must not go on. Safe for use by many threads.
 */
final class Standing {
  private final Members members;
  private final Fatal fatal;
  private final Set<String> refusedBy = ConcurrentHashMap.newKeySet();
  private final Set<String> takenBy = ConcurrentHashMap.newKeySet();
  private final Set<String> knownTo = ConcurrentHashMap.newKeySet();

  Standing(Members members, Fatal fatal) {
    this.members = members;
    this.fatal = fatal;
  }

  /** A member answered this node's hello. */
  void taken(String nodeId) {
    refusedBy.remove(nodeId);
    takenBy.add(nodeId);
  }

  /** Whether all other members took this node's hello since it started. */
  boolean takenByAll() {
    return takenBy.containsAll(members.others());
  }

  /** A member that takes part has it on disk that this node does. */
  void known(String nodeId) {
    knownTo.add(nodeId);
  }

  /** Whether all other members have it on disk that this node takes part. */
  boolean knownToAll() {
    return knownTo.containsAll(members.others());
  }

  /** A node that a majority of the others refuses does not belong to the site. */
  void refused(String nodeId, Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof StatusException status
        && status.getStatus().getCode() == Status.Code.PERMISSION_DENIED) {
      refusedBy.add(nodeId);
      if (String.valueOf(status.getStatus().getDescription()).startsWith(Members.REMOVED + ":")) {
        fatal.raise(members.removed(members.self()));
      }
      if (String.valueOf(status.getStatus().getDescription()).startsWith("lost-disk:")) {
        fatal.raise(ownDiskLost());
      }
      if (refusedBy.size() > (members.size() - 1) / 2) {
        fatal.raise(
            new HoldfastException(
                "refused-by-site",
                "the other nodes refuse this one: " + status.getStatus().getDescription(),
                "this directory was not made for this site, or its data key or history is another"));
      }
    }
  }

  /** Whether this is how a member refuses a node that comes back without its disk. */
  static boolean isLostDisk(Throwable failure) {
    return String.valueOf(failure.getMessage()).contains("lost-disk: ");
  }

  HoldfastException ownDiskLost() {
    return new HoldfastException(
        "lost-disk",
        "the site knows this node with data, but this directory is new",
        "put the directory back that the node had; a node that lost its disk must not come back"
            + " under its name: replace it with 'holdfast node replace "
            + members.self()
            + "'");
  }
}
