package io.holdfast.cluster;

import io.holdfast.cluster.PeerMessages.Hello;
import io.holdfast.kernel.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The last word of each other member, and what follows from it: who is reachable, how far all are,
 * and what time it is at the site. Safe for use by many threads.
 */
final class LastHeard {
  private static final long NEVER_LED = Long.MIN_VALUE;
  private static final String LEADER = "leader";
  private static final String UNREACHABLE = "unreachable";
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** A clock reading that took longer than this to fetch says too little. */
  private static final long ROUND_TRIP_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Members members;
  private final Clock clock;
  private final SiteClock siteClock;
  private final Supplier<Hello> self;
  private final Map<String, Heard> heard = new ConcurrentHashMap<>();

  /** The last moment, in monotonic time, at which this node led, or heard one that did. */
  private final AtomicLong ledNanos = new AtomicLong(NEVER_LED);

  /**
   * @param self what this node would say now
   */
  LastHeard(Members members, Clock clock, SiteClock siteClock, Supplier<Hello> self) {
    this.members = members;
    this.clock = clock;
    this.siteClock = siteClock;
    this.self = self;
  }

  /** The last word of a member: its wall clock and op at a moment of this node's monotonic time. */
  private record Heard(Hello hello, long monotonicNanos, boolean clockUsable, boolean silent) {
    /** It did not answer since. */
    Heard unanswered() {
      return new Heard(hello, monotonicNanos, clockUsable, true);
    }

    boolean fresh(long nowNanos) {
      return !silent && nowNanos - monotonicNanos < FRESH_NANOS;
    }
  }

  /** A member answered a call that was sent at this monotonic time. */
  void answered(String nodeId, Hello hello, long sent) {
    long now = clock.monotonicNanos();
    long middle = sent + (now - sent) / 2;
    if (hello.role().equals(LEADER)) {
      led(middle);
    }
    heard.put(nodeId, new Heard(hello, middle, now - sent < ROUND_TRIP_MAX_NANOS, false));
  }

  /** Keeps in mind when this node led, if it does. */
  void noteOwnRole() {
    if (leads()) {
      led(clock.monotonicNanos());
    }
  }

  private void led(long atNanos) {
    ledNanos.accumulateAndGet(atNanos, Math::max);
  }

  private boolean leads() {
    return self.get().role().equals(LEADER);
  }

  /** A member did not answer. */
  void silent(String nodeId) {
    heard.computeIfPresent(nodeId, (id, last) -> last.unanswered());
  }

  /** Takes the clocks of those that were heard lately into the site's time. */
  void takeClocks() {
    long now = clock.monotonicNanos();
    long ownWall = clock.wallNanos();
    List<Long> walls = new ArrayList<>();
    walls.add(ownWall);
    for (Heard one : heard.values()) {
      if (one.clockUsable() && one.fresh(now)) {
        walls.add(one.hello().wallNanos() + now - one.monotonicNanos());
      }
    }
    if (walls.size() > members.size() / 2) {
      siteClock.sample(now, ownWall, walls.stream().mapToLong(Long::longValue).toArray());
    }
  }

  /** The members as last heard of, this node first as it sees itself. */
  List<SiteView.Peer> view() {
    long now = clock.monotonicNanos();
    Hello own = self.get();
    long ownOffset = siteClock.offsetNanos();
    List<SiteView.Peer> peers = new ArrayList<>();
    for (Member member : members.all()) {
      Heard one = heard.get(member.nodeId());
      if (member.nodeId().equals(members.self())) {
        peers.add(peer(member, own.role(), own.op(), ownOffset, 0, own.declined()));
      } else if (one == null) {
        peers.add(peer(member, UNREACHABLE, -1, 0, -1, List.of()));
      } else {
        long age = now - one.monotonicNanos();
        long offset = one.hello().wallNanos() + age - clock.wallNanos() + ownOffset;
        peers.add(
            peer(
                member,
                one.fresh(now) ? one.hello().role() : UNREACHABLE,
                one.hello().op(),
                offset,
                TimeUnit.NANOSECONDS.toMillis(age),
                one.hello().declined()));
      }
    }
    return peers;
  }

  private static SiteView.Peer peer(
      Member member,
      String role,
      long op,
      long offsetNanos,
      long heardMillis,
      List<String> declined) {
    return new SiteView.Peer(
        member.nodeId(),
        member.address(),
        role,
        op,
        TimeUnit.NANOSECONDS.toMillis(offsetNanos),
        heardMillis,
        declined);
  }

  /**
   * How far behind the others this node may be, by what was heard of them.
   *
   * @param millis since it led, or heard one that leads; -1 when that never was since its start
   */
  record Lag(long ops, long millis) {}

  /** The lag of a state at {@code op}: zero ops only says that nobody was heard to have more. */
  Lag lag(long op) {
    long now = clock.monotonicNanos();
    long most = op;
    for (Heard one : heard.values()) {
      most = Math.max(most, one.hello().op());
    }
    if (leads()) {
      return new Lag(most - op, 0);
    }
    long last = ledNanos.get();
    long age = Math.max(0, now - last);
    return new Lag(most - op, last == NEVER_LED ? -1 : TimeUnit.NANOSECONDS.toMillis(age));
  }

  /** Whether this member answers, as far as this node knows. */
  boolean reachable(String nodeId) {
    return view().stream().anyMatch(peer -> peer.nodeId().equals(nodeId) && !isUnreachable(peer));
  }

  /** The member that should lead next: reachable, with a sound clock, and furthest ahead. */
  @Nullable String successor() {
    return view().stream()
        .filter(peer -> !isSelf(peer))
        .filter(peer -> !isUnreachable(peer))
        .filter(LastHeard::hasSoundClock)
        .max(Comparator.comparingLong(SiteView.Peer::op))
        .map(SiteView.Peer::nodeId)
        .orElse(null);
  }

  /** Whether any other member answers. */
  boolean anyReachable() {
    return view().stream().anyMatch(peer -> !isSelf(peer) && !isUnreachable(peer));
  }

  /** What is wrong among the members now, in words. */
  List<String> incidents() {
    List<String> incidents = new ArrayList<>();
    for (SiteView.Peer peer : view()) {
      if (isUnreachable(peer)) {
        incidents.add(
            "node-unreachable: "
                + peer.nodeId()
                + (peer.lastHeardMillis() < 0
                    ? " was not heard of since this node started"
                    : " was last heard of " + peer.lastHeardMillis() / 1000 + " s ago"));
      } else if (!hasSoundClock(peer)) {
        incidents.add(
            "clock-off: the clock of "
                + peer.nodeId()
                + " is "
                + peer.clockOffsetMillis() / 1000
                + " s off the median of the members; it shall not lead until it is set");
      }
    }
    return incidents;
  }

  private boolean isSelf(SiteView.Peer peer) {
    return peer.nodeId().equals(members.self());
  }

  private static boolean isUnreachable(SiteView.Peer peer) {
    return peer.role().equals(UNREACHABLE);
  }

  private static boolean hasSoundClock(SiteView.Peer peer) {
    return Math.abs(peer.clockOffsetMillis())
        <= TimeUnit.NANOSECONDS.toMillis(SiteClock.TOLERANCE_NANOS);
  }
}
