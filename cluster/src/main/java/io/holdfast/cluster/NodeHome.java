package io.holdfast.cluster;

import io.holdfast.journal.Acts;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.DetailsKeys;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.SystemDisk;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who a node is, by what lies in its directory: which site's, with which members and keys, and how
 * far it is known to have been.
 *
 * @param durable null when the node starts for the first time
 */
record NodeHome(
    Path directory,
    Genesis genesis,
    Members members,
    DataKey dataKey,
    DetailsKeys detailsKeys,
    NodeTls tls,
    @Nullable Progress durable) {
  private static final Logger LOG = LoggerFactory.getLogger(NodeHome.class);

  /**
   * Opens what a node starts from.
   *
   * @throws io.holdfast.kernel.HoldfastException when something is missing or not of this node
   */
  static NodeHome open(Path directory, Clock clock, Acts acts) {
    Ceremony.refuseUnfinished(directory);
    Genesis genesis = Genesis.read(directory);
    Path keys = directory.resolve("keys");
    DataKey dataKey = genesis.dataKey(keys);
    Members members = Members.open(directory, genesis);
    NodeTls tls = NodeTls.load(genesis, members, keys, clock, acts, "connections between nodes");
    Progress durable = Progress.read(directory);
    return new NodeHome(
        directory, genesis, members, dataKey, detailsKeys(keys, dataKey), tls, durable);
  }

  /** Opens the keys of details; a file that is none is left for a look, and fetched again. */
  private static DetailsKeys detailsKeys(Path keys, DataKey dataKey) {
    DetailsKeys opened = DetailsKeys.open(SystemDisk.INSTANCE, keys.resolve("details"), dataKey);
    for (String file : opened.damaged()) {
      LOG.warn("{} is no whole key of details; if it is needed, it comes from another node", file);
    }
    return opened;
  }

  /** Whether the node has never taken part in consensus. */
  boolean fresh() {
    return durable == null;
  }
}
