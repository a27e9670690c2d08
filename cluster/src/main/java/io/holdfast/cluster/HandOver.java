package io.holdfast.cluster;

import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.ratis.protocol.RaftClientReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The planned leader change: requests wait in the queue, what is in flight is answered, then
 * another node is elected and the queue goes there. No caller sees an error. One at a time.
 */
final class HandOver {
  private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

  /** How long Ratis may refuse writes for one try; its default of 3 s would be an outage. */
  private static final long TRANSFER_MILLIS = 250;

  /** Ratis may refuse at once, which is not worth asking thousands of times. */
  private static final long AGAIN_MILLIS = 20;

  /** How long payments may wait for a change that does not come about: then this node leads on. */
  static final Duration PAUSE_MAX = Duration.ofSeconds(2);

  private final Ingress ingress;
  private final LocalSubmission local;
  private final Leadership leadership;
  private final Consensus consensus;
  private final LastHeard heard;
  private final ReentrantLock one = new ReentrantLock();

  HandOver(
      Ingress ingress,
      LocalSubmission local,
      Leadership leadership,
      Consensus consensus,
      LastHeard heard) {
    this.ingress = ingress;
    this.local = local;
    this.leadership = leadership;
    this.consensus = consensus;
    this.heard = heard;
  }

  /** Blocks until another node leads; returns it. */
  String run(@Nullable String to, Duration deadline) {
    long pause = Math.min(deadline.toNanos(), PAUSE_MAX.toNanos());
    one.lock();
    try {
      if (!leadership.leads()) {
        throw new HoldfastException(
            "not-leader",
            "this node does not lead; "
                + (leadership.leader() == null ? "nobody does" : leadership.leader() + " does"),
            "ask the node that leads");
      }
      String target = to == null ? heard.successor() : to;
      if (target == null) {
        throw new HoldfastException(
            "hand-over-failed",
            "there is no other node to lead: none is reachable with a sound clock",
            "bring another node back first");
      }
      return transfer(target, System.nanoTime() + pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("it was interrupted", e);
    } finally {
      one.unlock();
    }
  }

  private String transfer(String target, long until) throws InterruptedException {
    if (target.equals(leadership.self())) {
      return target;
    }
    if (!heard.reachable(target)) {
      throw failed(target + " is not reachable", null);
    }
    ingress.pause();
    try {
      long left = until - System.nanoTime();
      if (!local.drain(TimeUnit.NANOSECONDS.toMillis(Math.max(0, left)))) {
        throw failed("what was in flight was not answered in time", null);
      }
      Exception last = null;
      while (System.nanoTime() < until) {
        try {
          RaftClientReply reply =
              consensus.transferLeadership(target, TRANSFER_MILLIS).get(2, TimeUnit.SECONDS);
          if (reply.isSuccess()) {
            return target;
          }
          last = reply.getException();
        } catch (ExecutionException | TimeoutException e) {
          last = e;
        }
        String leader = leadership.leader();
        if (leader != null && !leadership.leads()) {
          return leader; // somebody leads, if not the one that was asked for
        }
        LOG.info("leadership was not handed to {} yet: {}", target, String.valueOf(last));
        TimeUnit.MILLISECONDS.sleep(AGAIN_MILLIS);
      }
      throw failed("no other node was elected in time: " + last, last);
    } finally {
      ingress.resume();
    }
  }

  private static HoldfastException failed(String why, @Nullable Exception cause) {
    String message = "leadership was not handed over: " + why;
    String hint = "this node leads on; look at the other nodes' health and try again";
    return cause == null
        ? new HoldfastException("hand-over-failed", message, hint)
        : new HoldfastException("hand-over-failed", message, hint, cause);
  }
}
