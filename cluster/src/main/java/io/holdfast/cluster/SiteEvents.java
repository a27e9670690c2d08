package io.holdfast.cluster;

import io.holdfast.journal.ActKind;
import io.holdfast.journal.Acts;
import io.holdfast.journal.Recovery;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What consensus tells a node of a site, handed to the part that it is for: batches to the replica,
 * changes of leadership to the site's clock, its log and those who submit, members to the list of
 * them, and what ends this node's share to whoever halts it.
 */
final class SiteEvents implements ReplicaEvents {
  private static final Logger LOG = LoggerFactory.getLogger(SiteEvents.class);

  /** How long after the end of consensus the others may still say why. */
  private static final Duration REASON = Duration.ofSeconds(2);

  /** A node that starts has said hello to all of them by then. */
  private static final Duration PEER_HEARD = Duration.ofSeconds(3);

  private static final long POLL_MILLIS = 50;

  private final NodeHome home;
  private final Replica replica;
  private final Rebuild rebuild;
  private final LastHeard heard;
  private final SiteClock clock;
  private final Leadership leadership;
  private final Acts acts;
  private final Fatal fatal;
  private final LongConsumer termApplied;
  private final BooleanSupplier stopping;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean led; // and told so

  /**
   * @param termApplied is told the term of each entry once it is applied
   * @param stopping whether this node was told to stop
   */
  SiteEvents(
      NodeHome home,
      Replica replica,
      Rebuild rebuild,
      LastHeard heard,
      SiteClock clock,
      Leadership leadership,
      Acts acts,
      Fatal fatal,
      LongConsumer termApplied,
      BooleanSupplier stopping) {
    this.home = home;
    this.replica = replica;
    this.rebuild = rebuild;
    this.heard = heard;
    this.clock = clock;
    this.leadership = leadership;
    this.acts = acts;
    this.fatal = fatal;
    this.termApplied = termApplied;
    this.stopping = stopping;
  }

  @Override
  public long committed(long term, long index, ByteBuffer sealed) {
    long op = applied(term, index, sealed);
    termApplied.accept(term);
    return op;
  }

  /**
   * A journal that is not what consensus brings again is another history than the others' if there
   * are others; without them this node refuses to go on, and keeps all in its place.
   */
  private long applied(long term, long index, ByteBuffer sealed) {
    try {
      return replica.apply(term, index, sealed);
    } catch (HoldfastException e) {
      if (e.code().equals("journal-differs") && awaitPeer()) {
        rebuild.diverged(replica.position().op(), List.of(), e.message());
      }
      throw e;
    }
  }

  private boolean awaitPeer() {
    leadership.awaitUntil(
        () -> stopping.getAsBoolean() || heard.anyReachable(), PEER_HEARD, POLL_MILLIS);
    return heard.anyReachable();
  }

  @Override
  public void passed(long term, long index) {
    replica.pass(term, index);
    termApplied.accept(term);
  }

  @Override
  public Recovery.@Nullable Point covered() {
    return replica.covered();
  }

  @Override
  public void membersChanged(long index, List<Member> now) {
    Members members = home.members();
    boolean was = members.isMember(members.self());
    if (!members.changed(index, now)) {
      return;
    }
    LOG.info("the members are {} now", now);
    if (was && !members.isMember(members.self())) {
      fatal.raise(members.removed(members.self()));
    }
    leadership.signal();
  }

  @Override
  public boolean leftBehind(long firstIndex) {
    return rebuild.leftBehind(firstIndex);
  }

  @Override
  public void leaderChanged(String nodeId) {
    LOG.info("{} leads in term {}", nodeId, leadership.term());
    leadership.signal();
  }

  @Override
  public void leaderReady() {
    clock.lead();
    led = true;
    acts.add(ActKind.LEADERSHIP_GAINED, "site", "term", Long.toString(leadership.term()));
    leadership.signal();
  }

  @Override
  public void notLeader() {
    clock.follow();
    if (led) {
      led = false;
      acts.add(ActKind.LEADERSHIP_LOST, "site", "term", Long.toString(leadership.term()));
    }
    leadership.signal();
  }

  @Override
  public void logFailed(@Nullable Throwable cause) {
    fatal.raise(DiskFaults.coded(cause, home.directory()));
  }

  @Override
  public void shutDown() {
    if (stopping.getAsBoolean() || !ended.compareAndSet(false, true)) {
      return;
    }
    Thread.ofVirtual().name("holdfast-ended").start(this::end);
  }

  /** If the node was removed from its site, the others say so at the next hello. */
  private void end() {
    leadership.awaitUntil(() -> stopping.getAsBoolean() || fatal.raised(), REASON, POLL_MILLIS);
    if (!stopping.getAsBoolean()) {
      fatal.raise(
          new HoldfastException(
              "consensus-ended",
              "consensus was shut down on this node",
              "see its log for the cause, then start it again"));
    }
  }
}
