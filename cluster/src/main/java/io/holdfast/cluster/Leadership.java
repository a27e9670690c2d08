package io.holdfast.cluster;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.jspecify.annotations.Nullable;

/** Who leads, as consensus on this node knows it. Safe for use by many threads. */
final class Leadership {
  private final String self;
  private final DivisionInfo info;
  private final Semaphore changes = new Semaphore(0);
  private volatile long lastLedNanos = System.nanoTime();

  Leadership(String self, DivisionInfo info) {
    this.self = self;
    this.info = info;
  }

  /** The node that leads; null while there is none. */
  @Nullable String leader() {
    RaftPeerId leader = info.getLeaderId();
    if (leader != null) {
      lastLedNanos = System.nanoTime();
      return leader.toString();
    }
    return null;
  }

  /** Whether this node leads and takes writes. */
  boolean leadsReady() {
    return info.isLeaderReady();
  }

  boolean leads() {
    return info.isLeader();
  }

  long term() {
    return info.getCurrentTerm();
  }

  boolean alive() {
    return info.isAlive();
  }

  /** How long no leader has been known; 0 while one is. */
  long leaderlessNanos() {
    return leader() != null ? 0 : System.nanoTime() - lastLedNanos;
  }

  String role() {
    if (info.isLeader()) {
      return "leader";
    }
    if (info.isFollower()) {
      return info.getLeaderId() == null ? "starting" : "follower";
    }
    return info.isCandidate() ? "candidate" : "starting";
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
}
