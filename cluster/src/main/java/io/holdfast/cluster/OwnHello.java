package io.holdfast.cluster;

import io.holdfast.cluster.PeerMessages.Hello;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.Clock;
import java.util.List;
import java.util.function.Supplier;

/** What this node says of itself at any moment. Safe for use by many threads. */
final class OwnHello implements Supplier<Hello> {
  private final NodeHome home;
  private final Lineage lineage;
  private final long boot;
  private final Clock clock;
  private final Replica replica;
  private final Leadership leadership;
  private volatile boolean takesPart;
  private volatile Supplier<List<String>> declined = List::of;

  OwnHello(NodeHome home, long boot, Clock clock, Replica replica, Leadership leadership) {
    this.home = home;
    this.lineage = home.genesis().lineage();
    this.boot = boot;
    this.clock = clock;
    this.replica = replica;
    this.leadership = leadership;
    this.takesPart = !home.fresh();
  }

  /** From now on it is on disk that this node takes part in consensus. */
  void takesPart() {
    takesPart = true;
  }

  /** From now on it says, too, what this node leaves to others to do. */
  void declines(Supplier<List<String>> names) {
    declined = names;
  }

  @Override
  public Hello get() {
    return new Hello(
        home.genesis().ledgerId().toHex(),
        home.dataKey().keyIdHex(),
        boot,
        home.fresh(),
        takesPart && !home.members().isJoining(),
        clock.wallNanos(),
        replica.position().op(),
        role(),
        lineage,
        replica.checkpoints().roots(),
        declined.get());
  }

  /**
   * {@code joining} until it is a member, {@code starting} until it takes part, then what it is in
   * consensus. The others remember who takes part: a node that said so too early, and was started
   * again before it was on disk, would seem to have lost its disk.
   */
  String role() {
    if (home.members().isJoining()) {
      return "joining";
    }
    return takesPart ? leadership.role() : "starting";
  }
}
