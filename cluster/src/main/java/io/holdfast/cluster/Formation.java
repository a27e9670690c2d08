package io.holdfast.cluster;

import io.holdfast.kernel.DiskFaults;
import java.io.IOException;
import java.util.Map;

/**
 * Whether this node takes part in consensus yet. The nodes of a new site begin in two steps, and
 * each needs all others:
 *
 * <ol>
 *   <li>All others took its hello, so none of them knew it with data; then it is written down here
 *       that it will take part.
 *   <li>All others take part themselves and have it on disk that this node does; then it acts.
 * </ol>
 *
 * Whoever loses its disk after the first answer is so known to each of the others for what it is,
 * however soon after. A node that was seeded joins a site that has begun long ago. Safe for use by
 * many threads.
 */
final class Formation {
  private final NodeHome home;
  private final Peers peers;
  private final OwnHello self;
  private volatile boolean onDisk;
  private volatile boolean known;

  Formation(NodeHome home, Peers peers, OwnHello self) {
    this.home = home;
    this.peers = peers;
    this.self = self;
    Progress durable = home.durable();
    this.onDisk = durable != null;
    this.known = durable != null && durable.known();
  }

  /** At the very first start, asks the others whether they knew this node. */
  void begin() {
    if (home.fresh()) {
      peers.introduce();
      if (home.genesis().seeded()) {
        become(true);
      }
    }
    takesPart();
  }

  /** Whether it is on disk that this node will take part. */
  boolean onDisk() {
    return onDisk;
  }

  /** Whether all others have that on disk, too. */
  boolean known() {
    return known;
  }

  /** Whether this node takes part by now; goes on to the next step if it can. */
  boolean takesPart() {
    if (!onDisk && peers.heardAll()) {
      become(false);
    }
    if (onDisk && !known && peers.knownToAll()) {
      become(true);
    }
    return known;
  }

  private void become(boolean nowKnown) {
    synchronized (home) { // nor does anything else write the pointer meanwhile
      if (known || (onDisk && !nowKnown)) {
        return;
      }
      Progress durable = home.durable();
      Progress began =
          durable == null
              ? new Progress(home.genesis().incarnation(), 0, -1, 0, 0, false, Map.of())
              : durable;
      try {
        began.with(nowKnown, peers.admission().met()).write(home.directory());
      } catch (IOException e) {
        throw DiskFaults.coded(e, home.directory());
      }
      onDisk = true;
      known = nowKnown;
      self.takesPart();
    }
  }
}
