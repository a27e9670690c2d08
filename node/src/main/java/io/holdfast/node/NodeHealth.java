package io.holdfast.node;

import io.holdfast.cluster.SiteView;
import io.holdfast.gateway.rest.Health;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether a load balancer should send requests here. Safe for use by many threads. */
final class NodeHealth implements Health {
  /** A node this far behind would let its readers wait: a second or two of full load. */
  private static final long LAG_OPS_MAX = 128;

  private final Supplier<SiteView> view;
  private volatile boolean stopping;

  NodeHealth(Supplier<SiteView> view) {
    this.view = view;
  }

  /** From now on the node is not ready, whatever its site says. */
  void stop() {
    stopping = true;
  }

  @Override
  public Optional<String> notReady() {
    if (stopping) {
      return Optional.of("this node is stopping");
    }
    SiteView now = view.get();
    if (now.role().equals("joining")) {
      return Optional.of("this node is no member of its site yet");
    }
    if (now.leader() == null) {
      return Optional.of("no node leads the site as this node knows it");
    }
    if (!now.leaderReady()) {
      return Optional.of(now.leader() + " leads, but does not take writes yet");
    }
    long lag = Statuses.lagOps(now);
    if (lag > LAG_OPS_MAX) {
      return Optional.of("this node is " + lag + " ops behind the leader and catching up");
    }
    return Optional.empty();
  }

  @Override
  public boolean leading() {
    SiteView now = view.get();
    return !stopping && now.nodeId().equals(now.leader()) && now.leaderReady();
  }
}
