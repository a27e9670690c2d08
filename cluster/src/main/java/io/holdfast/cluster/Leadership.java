package io.holdfast.cluster;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.jspecify.annotations.Nullable;

/**
 * Who leads, as consensus on this node knows it; nobody before there is one. Safe for use by many
 * threads.
 */
final class Leadership {
  private final String self;
  private volatile @Nullable DivisionInfo info; // null until there is consensus
  private final Semaphore changes = new Semaphore(0);
  private volatile long lastLedNanos = System.nanoTime();

  Leadership(String self) {
    this.self = self;
  }

  /** From now on, what consensus says. */
  void begin(DivisionInfo consensus) {
    lastLedNanos = System.nanoTime();
    info = consensus;
  }

  /** The node that leads; null while there is none. */
  @Nullable String leader() {
    DivisionInfo now = info;
    RaftPeerId leader = now == null ? null : now.getLeaderId();
    if (leader != null) {
      lastLedNanos = System.nanoTime();
      return leader.toString();
    }
    return null;
  }

  /** Whether this node leads and takes writes. */
  boolean leadsReady() {
    DivisionInfo now = info;
    return now != null && now.isLeaderReady();
  }

  boolean leads() {
    DivisionInfo now = info;
    return now != null && now.isLeader();
  }

  long term() {
    DivisionInfo now = info;
    return now == null ? 0 : now.getCurrentTerm();
  }

  boolean alive() {
    DivisionInfo now = info;
    return now == null || now.isAlive();
  }

  /** How long no leader has been known; 0 while one is. */
  long leaderlessNanos() {
    return leader() != null ? 0 : System.nanoTime() - lastLedNanos;
  }

  String role() {
    DivisionInfo now = info;
    if (now == null) {
      return "starting";
    }
    if (now.isLeader()) {
      return "leader";
    }
    if (now.isFollower()) {
      return now.getLeaderId() == null ? "starting" : "follower";
    }
    return now.isCandidate() ? "candidate" : "starting";
  }

  String self() {
    return self;
  }

  /** Something changed: whoever waits looks again. */
  void signal() {
    changes.release();
  }

  /** Waits until something may have changed, at most this long. */
  void awaitChange(long millis) throws InterruptedException {
    if (changes.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
      changes.drainPermits();
    }
  }

  /**
   * Waits until this is so, looking again when something may have changed and every few
   * milliseconds; no longer than patience lasts, or until interrupted.
   */
  void awaitUntil(BooleanSupplier soughtFor, Duration patience, long pollMillis) {
    long until = System.nanoTime() + patience.toNanos();
    try {
      while (!soughtFor.getAsBoolean() && System.nanoTime() < until) {
        awaitChange(pollMillis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
