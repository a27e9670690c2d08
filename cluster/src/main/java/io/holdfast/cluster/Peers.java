package io.holdfast.cluster;

import io.holdfast.cluster.PeerMessages.Hello;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusException;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of the other members from saying hello to each of them a few times a second:
 * their clocks, how far they are, and whether they belong here. Safe for use by many threads.
 */
final class Peers {
  /** Stands for a node that was already in use when it was first heard. */
  private static final long NEVER_FRESH = 0;

  static final String REMOVED = "node-removed";

  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** A clock reading that took longer than this to fetch says too little. */
  private static final long ROUND_TRIP_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** It answers nobody any more meanwhile. */
  private static final long LEAVE_MILLIS = 1_000;

  private final Genesis genesis;
  private final Members members;
  private final Clock clock;
  private final SiteClock siteClock;
  private final PeerClient client;
  private final Supplier<Hello> self;
  private final Fatal fatal;
  private final Roots roots = new Roots();
  private final Odd odd;
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final Set<String> refusedBy = ConcurrentHashMap.newKeySet();
  private final Set<String> greeted = ConcurrentHashMap.newKeySet();
  private final Map<String, Heard> heard = new ConcurrentHashMap<>();
  private final Map<String, Long> met;

  Peers(
      Genesis genesis,
      Members members,
      Clock clock,
      SiteClock siteClock,
      PeerClient client,
      Supplier<Hello> self,
      Map<String, Long> met,
      Odd odd,
      Fatal fatal) {
    this.met = new ConcurrentHashMap<>(met);
    this.genesis = genesis;
    this.members = members;
    this.clock = clock;
    this.siteClock = siteClock;
    this.client = client;
    this.self = self;
    this.odd = odd;
    this.fatal = fatal;
  }

  /** Told that a majority has another state than this node. */
  interface Odd {
    /**
     * @param op of the checkpoint whose roots differ
     * @param majority the nodes that agree with each other
     */
    void found(long op, List<String> majority);
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

  /** Members that may not take part, for they hold another ledger, history or key. */
  Set<String> refused() {
    return refused;
  }

  /** Answers a member's hello, or refuses one that belongs to something else. */
  Hello answer(String nodeId, Hello hello) {
    Hello own = self.get();
    HoldfastException mismatch = mismatch(nodeId, own, hello);
    if (mismatch == null && members.isRemoved(nodeId)) {
      throw removed(nodeId);
    }
    if (mismatch == null) {
      mismatch = lostDisk(nodeId, hello);
    }
    if (mismatch != null) {
      refused.add(nodeId);
      throw mismatch;
    }
    refused.remove(nodeId);
    roots.heard(nodeId, hello.roots());
    return own;
  }

  /**
   * Whether all other members took this node's hello since it started; that they said hello
   * themselves is not enough, for only their answer tells whether they knew this node with data.
   * Before its very first start a node takes no part in consensus: two that lost their disks would
   * else be a majority without the third, or elect it though it lacks payments.
   */
  boolean heardAll() {
    return members.all().stream()
        .allMatch(m -> m.nodeId().equals(genesis.nodeId()) || greeted.contains(m.nodeId()));
  }

  /** A node that was here before and comes with a new directory has forgotten how it voted. */
  private @Nullable HoldfastException lostDisk(String nodeId, Hello hello) {
    Long before = met.get(nodeId);
    if (before == null && !hello.role().equals("starting") && !hello.role().equals("joining")) {
      met.put(nodeId, hello.fresh() ? hello.boot() : NEVER_FRESH); // it takes part now
    }
    if (!hello.fresh() || before == null || before == hello.boot()) {
      return null;
    }
    return new HoldfastException(
        "lost-disk",
        nodeId + " was a member with data before and comes with an empty directory",
        "it has forgotten what it acknowledged and how it voted, so it must not come back under its"
            + " name; the other nodes pay on. Replace it: holdfast node replace "
            + nodeId);
  }

  /** A node that left the site, or was replaced, has nothing to do here. */
  HoldfastException removed(String nodeId) {
    return new HoldfastException(
        REMOVED,
        nodeId + " was removed from site " + genesis.site() + " and is none of its nodes any more",
        "stop it for good; a name that left does not come back: take another node in with 'holdfast"
            + " node add'");
  }

  /** The nodes that were ever heard; see {@link Progress}. */
  Map<String, Long> met() {
    return met;
  }

  /**
   * Asks the others, before this node takes part, whether its new directory replaces one that they
   * knew; whoever does not answer in time is not waited for.
   */
  void introduce() {
    List<CompletableFuture<?>> asked = new ArrayList<>();
    for (Member member : members.all()) {
      if (!member.nodeId().equals(genesis.nodeId())) {
        asked.add(client.hello(member.nodeId(), self.get()).exceptionally(this::unlessLostDisk));
      }
    }
    CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).join();
  }

  /**
   * Says hello a last time before this node stops because it is the odd one, and waits a moment: so
   * the others have heard its roots, and can say why it fell silent.
   */
  void takeLeave() {
    List<CompletableFuture<?>> told = new ArrayList<>();
    for (Member member : members.all()) {
      if (!member.nodeId().equals(genesis.nodeId())) {
        told.add(client.hello(member.nodeId(), self.get()));
      }
    }
    CompletableFuture.allOf(told.toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, LEAVE_MILLIS, TimeUnit.MILLISECONDS)
        .exceptionally(silent -> null)
        .join();
  }

  private @Nullable Hello unlessLostDisk(Throwable failure) {
    String said = String.valueOf(failure.getMessage());
    if (said.contains("lost-disk: ")) {
      throw ownDiskLost();
    }
    return null;
  }

  private HoldfastException ownDiskLost() {
    return new HoldfastException(
        "lost-disk",
        "the site knows this node with data, but this directory is new",
        "put the directory back that the node had; a node that lost its disk must not come back"
            + " under its name: replace it with 'holdfast node replace "
            + genesis.nodeId()
            + "'");
  }

  private static @Nullable HoldfastException mismatch(String nodeId, Hello own, Hello other) {
    if (!own.ledgerId().equals(other.ledgerId())) {
      return new HoldfastException(
          "wrong-ledger",
          nodeId + " belongs to ledger " + other.ledgerId() + ", this node to " + own.ledgerId(),
          "each node needs the directory that was made for it");
    }
    if (!own.dataKeyId().equals(other.dataKeyId())) {
      return new HoldfastException(
          "wrong-data-key",
          nodeId + " has data key " + other.dataKeyId() + ", this node " + own.dataKeyId(),
          "copy keys/data.key from another node of the ledger");
    }
    if (!own.lineage().equals(other.lineage())) {
      return new HoldfastException(
          "wrong-lineage",
          nodeId
              + " has another history of the ledger: "
              + other.lineage().describe()
              + "; this node has "
              + own.lineage().describe(),
          "the two were restored or reinstated apart; rebuild the one that the site's others do"
              + " not agree with");
    }
    return null;
  }

  /**
   * Says hello to all, takes the clocks of those that were heard lately into the site's time, and
   * compares the roots of the checkpoints.
   */
  void round() {
    for (Member member : members.all()) {
      if (!member.nodeId().equals(genesis.nodeId())) {
        greet(member.nodeId());
      }
    }
    takeClocks();
    compareRoots();
  }

  private void compareRoots() {
    List<String> others =
        members.all().stream()
            .map(Member::nodeId)
            .filter(nodeId -> !nodeId.equals(genesis.nodeId()))
            .toList();
    Roots.Judgement judged = roots.judge(self.get().roots(), others);
    if (judged.verdict().selfIsOdd()) {
      odd.found(judged.verdict().op(), judged.majority());
    }
  }

  /** What comparing the roots of checkpoints gave so far. */
  Roots roots() {
    return roots;
  }

  /** Whether any other member answers. */
  boolean anyReachable() {
    return view().stream()
        .anyMatch(
            peer -> !peer.nodeId().equals(genesis.nodeId()) && !peer.role().equals("unreachable"));
  }

  private void greet(String nodeId) {
    long sent = clock.monotonicNanos();
    client
        .hello(nodeId, self.get())
        .whenComplete(
            (hello, failure) -> {
              if (failure == null) {
                long now = clock.monotonicNanos();
                long middle = sent + (now - sent) / 2;
                refusedBy.remove(nodeId);
                greeted.add(nodeId);
                roots.heard(nodeId, hello.roots());
                heard.put(
                    nodeId, new Heard(hello, middle, now - sent < ROUND_TRIP_MAX_NANOS, false));
              } else {
                heard.computeIfPresent(nodeId, (id, last) -> last.unanswered());
                refusedAt(nodeId, failure);
              }
            });
  }

  /** A node that a majority of the others refuses does not belong to the site. */
  private void refusedAt(String nodeId, Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof StatusException status
        && status.getStatus().getCode() == Status.Code.PERMISSION_DENIED) {
      refusedBy.add(nodeId);
      if (String.valueOf(status.getStatus().getDescription()).startsWith(REMOVED + ":")) {
        fatal.raise(removed(genesis.nodeId()));
      }
      if (String.valueOf(status.getStatus().getDescription()).startsWith("lost-disk:")) {
        fatal.raise(ownDiskLost());
      }
      if (refusedBy.size() > (members.size() - 1) / 2) {
        fatal.raise(
            new HoldfastException(
                "refused-by-site",
                "the other nodes refuse this one: " + status.getStatus().getDescription(),
                "this directory was not made for this site, or its data key or history is another"));
      }
    }
  }

  private void takeClocks() {
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
      if (member.nodeId().equals(genesis.nodeId())) {
        peers.add(peer(member, own.role(), own.op(), ownOffset, 0));
      } else if (one == null) {
        peers.add(peer(member, "unreachable", -1, 0, -1));
      } else {
        long age = now - one.monotonicNanos();
        long offset = one.hello().wallNanos() + age - clock.wallNanos() + ownOffset;
        peers.add(
            peer(
                member,
                one.fresh(now) ? one.hello().role() : "unreachable",
                one.hello().op(),
                offset,
                TimeUnit.NANOSECONDS.toMillis(age)));
      }
    }
    return peers;
  }

  private static SiteView.Peer peer(
      Member member, String role, long op, long offsetNanos, long heardMillis) {
    return new SiteView.Peer(
        member.nodeId(),
        member.address(),
        role,
        op,
        TimeUnit.NANOSECONDS.toMillis(offsetNanos),
        heardMillis);
  }

  /** How far behind the others this node may be, by what was heard of them. */
  record Lag(long ops, long millis) {}

  /** The lag of a state at {@code op}: zero ops only says that nobody was heard to have more. */
  Lag lag(long op) {
    long now = clock.monotonicNanos();
    long most = op;
    long youngest = Long.MAX_VALUE;
    for (Heard one : heard.values()) {
      most = Math.max(most, one.hello().op());
      if (one.hello().role().equals("leader")) {
        youngest = Math.min(youngest, now - one.monotonicNanos());
      }
    }
    boolean leads = self.get().role().equals("leader");
    long millis =
        leads ? 0 : youngest == Long.MAX_VALUE ? -1 : TimeUnit.NANOSECONDS.toMillis(youngest);
    return new Lag(most - op, millis);
  }

  /** Whether this member answers, as far as this node knows. */
  boolean reachable(String nodeId) {
    return view().stream()
        .anyMatch(peer -> peer.nodeId().equals(nodeId) && !peer.role().equals("unreachable"));
  }

  /** The member that should lead next: reachable, with a sound clock, and furthest ahead. */
  @Nullable String successor() {
    long tolerance = TimeUnit.NANOSECONDS.toMillis(SiteClock.TOLERANCE_NANOS);
    return view().stream()
        .filter(peer -> !peer.nodeId().equals(genesis.nodeId()))
        .filter(peer -> !peer.role().equals("unreachable"))
        .filter(peer -> Math.abs(peer.clockOffsetMillis()) <= tolerance)
        .max(java.util.Comparator.comparingLong(SiteView.Peer::op))
        .map(SiteView.Peer::nodeId)
        .orElse(null);
  }

  /** What is wrong among the members now, in words. */
  List<String> incidents() {
    List<String> incidents = new ArrayList<>();
    long tolerance = TimeUnit.NANOSECONDS.toMillis(SiteClock.TOLERANCE_NANOS);
    for (SiteView.Peer peer : view()) {
      if (peer.role().equals("unreachable")) {
        incidents.add(
            "node-unreachable: "
                + peer.nodeId()
                + (peer.lastHeardMillis() < 0
                    ? " was not heard of since this node started"
                    : " was last heard of " + peer.lastHeardMillis() / 1000 + " s ago"));
      } else if (Math.abs(peer.clockOffsetMillis()) > tolerance) {
        incidents.add(
            "clock-off: the clock of "
                + peer.nodeId()
                + " is "
                + peer.clockOffsetMillis() / 1000
                + " s off the median of the members; it shall not lead until it is set");
      }
    }
    incidents.addAll(roots.incidents(genesis.nodeId()));
    for (String nodeId : refused) {
      incidents.add("node-refused: " + nodeId + " holds another ledger, history or data key");
    }
    return incidents;
  }
}
