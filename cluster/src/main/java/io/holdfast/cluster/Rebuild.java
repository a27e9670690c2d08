package io.holdfast.cluster;

import io.holdfast.journal.Recovery;
import io.holdfast.kernel.HoldfastException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How this node's copy comes to an end when it is not what the others have, or lacks what the log
 * has no more: that is noted in its directory and the node stops, so that the next start fetches
 * the others' files. Safe for use by many threads.
 */
final class Rebuild implements Peers.Odd {
  private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);

  private final Path directory;
  private final Replica replica;
  private final Runnable takeLeave;
  private final Fatal fatal;
  private final AtomicBoolean diverged = new AtomicBoolean();
  private volatile boolean leftBehind;

  /**
   * @param takeLeave tells the others what this node has, before it falls silent
   */
  Rebuild(Path directory, Replica replica, Runnable takeLeave, Fatal fatal) {
    this.directory = directory;
    this.replica = replica;
    this.takeLeave = takeLeave;
    this.fatal = fatal;
  }

  /** Whether this node's copy is not what the others have. */
  boolean isDiverged() {
    return diverged.get();
  }

  /** Whether the next start fetches the others' files. */
  boolean isDue() {
    return leftBehind || diverged.get();
  }

  /** A majority of the site has another state than this node. */
  @Override
  public void found(long op, List<String> majority) {
    diverged(
        op,
        majority,
        "this node has another state at op "
            + op
            + " than "
            + String.join(" and ", majority)
            + ", which agree");
  }

  /** Stops answering, at once and for good; the next start fetches what the others have. */
  void diverged(long op, List<String> majority, String what) {
    if (!diverged.compareAndSet(false, true)) {
      return;
    }
    replica.reads().withdraw();
    LOG.error("{}", what);
    Divergence.found(op, majority, replica.position().op(), Instant.now()).write(directory);
    takeLeave.run();
    fatal.raise(
        new HoldfastException(
            Divergence.CODE,
            what + "; it stops answering, keeps its files in diverged/ and fetches the others'",
            "start it again, if it does not do so by itself, and find out why it differs"));
  }

  /**
   * The log of the node that leads begins with this entry.
   *
   * @return whether this node lacks what was before it
   */
  boolean leftBehind(long firstIndex) {
    Recovery.Point covered = replica.covered();
    long next = covered == null ? 0 : covered.index() + 1;
    if (firstIndex <= next) {
      return false;
    }
    LOG.warn(
        "the log of the node that leads begins with entry {}, this node has what was before {}",
        firstIndex,
        next);
    leftBehind = true;
    replica.reads().withdraw();
    Seeding.noteBehind(directory, firstIndex);
    fatal.raise(
        new HoldfastException(
            Seeding.BEHIND,
            "this node was away for longer than the log reaches back; it fetches what it lacks"
                + " from the others",
            "start it again, if it does not do so by itself"));
    return true;
  }
}
