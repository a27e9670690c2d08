package io.holdfast.client;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The gateways of a site and the choice among them: the one that can be asked soonest, of those the
 * leader's own (which saves a hop), else the one that answered last. Safe for use by many threads.
 */
final class Gateways {
  private final List<Gateway> all;
  private volatile @Nullable Gateway leader;
  private volatile Gateway lastGood;

  Gateways(List<URI> addresses) {
    this.all = addresses.stream().distinct().map(Gateway::new).toList();
    this.lastGood = all.get(ThreadLocalRandom.current().nextInt(all.size()));
  }

  List<Gateway> all() {
    return all;
  }

  /** The best gateway beside those left out; null when all are left out. */
  @Nullable Gateway choose(Collection<Gateway> leftOut, long now) {
    Gateway best = null;
    long bestCost = Long.MAX_VALUE;
    int start = all.indexOf(lastGood);
    for (int i = 0; i < all.size(); i++) {
      Gateway gateway = all.get((start + i) % all.size());
      if (leftOut.contains(gateway)) {
        continue;
      }
      long cost = gateway.costNanos(now);
      if (cost < bestCost || (cost == bestCost && gateway == leader)) {
        best = gateway;
        bestCost = cost;
      }
    }
    return best;
  }

  @Nullable Gateway leader() {
    return leader;
  }

  void answered(Gateway gateway) {
    gateway.answered();
    lastGood = gateway;
  }

  /** Its node says of itself that it leads. */
  void leads(Gateway gateway) {
    leader = gateway;
  }

  /** It does not lead, or it does not matter any more whether it does. */
  void doesNotLead(Gateway gateway) {
    if (leader == gateway) {
      leader = null;
    }
  }

  /** Whether there is something that probing may better: a leader to be found, trouble to end. */
  boolean unsettled() {
    return leader == null || all.stream().anyMatch(Gateway::troubled);
  }
}
