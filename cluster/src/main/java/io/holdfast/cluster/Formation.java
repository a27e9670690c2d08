package io.holdfast.cluster;

import io.holdfast.kernel.DiskFaults;
import java.io.IOException;
import java.util.Map;

/**
 * Whether this node takes part in consensus yet. One that was never started does not before all
 * others have taken its hello (see {@link Peers#heardAll}), unless it was seeded; from then on it
 * is known on disk to have started. Safe for use by many threads.
 */
final class Formation {
  private final NodeHome home;
  private final Peers peers;
  private final OwnHello self;
  private volatile boolean formed;

  Formation(NodeHome home, Peers peers, OwnHello self) {
    this.home = home;
    this.peers = peers;
    this.self = self;
    this.formed = !home.fresh();
  }

  /** At the very first start, asks the others whether they knew this node. */
  void begin() {
    if (home.fresh()) {
      peers.introduce();
      if (home.genesis().seeded() || takesPart()) {
        takePart();
      }
    }
  }

  /** Whether this node takes part by now. */
  boolean takesPart() {
    if (!formed && peers.heardAll()) {
      takePart();
    }
    return formed;
  }

  private synchronized void takePart() {
    if (formed) {
      return;
    }
    Map<String, Long> met = peers.admission().met();
    try {
      new Progress(home.genesis().incarnation(), 0, -1, 0, 0, met).write(home.directory());
    } catch (IOException e) {
      throw DiskFaults.coded(e, home.directory());
    }
    formed = true;
    self.takesPart();
  }
}
