package io.holdfast.cluster;

import io.holdfast.cluster.PeerMessages.Hello;
import io.holdfast.kernel.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of the other members from saying hello to each of them a few times a second:
 * whether they belong here and this node there, their clocks, how far they are, and the roots of
 * their checkpoints. Safe for use by many threads.
 */
final class Peers {
  /** It answers nobody any more meanwhile. */
  private static final long LEAVE_MILLIS = 1_000;

  private final Members members;
  private final Clock clock;
  private final PeerClient client;
  private final Supplier<Hello> self;
  private final Odd odd;
  private final Admission admission;
  private final Standing standing;
  private final LastHeard heard;
  private final Roots roots = new Roots();

  Peers(
      Members members,
      Clock clock,
      SiteClock siteClock,
      PeerClient client,
      Supplier<Hello> self,
      Map<String, Long> met,
      Odd odd,
      Fatal fatal) {
    this.members = members;
    this.clock = clock;
    this.client = client;
    this.self = self;
    this.odd = odd;
    this.admission = new Admission(members, met);
    this.standing = new Standing(members, fatal);
    this.heard = new LastHeard(members, clock, siteClock, self);
  }

  /** Told that a majority has another state than this node. */
  interface Odd {
    /**
     * @param op of the checkpoint whose roots differ
     * @param majority the nodes that agree with each other
     */
    void found(long op, List<String> majority);
  }

  /** Which of the others may take part. */
  Admission admission() {
    return admission;
  }

  /** What the others said last. */
  LastHeard heard() {
    return heard;
  }

  /** What comparing the roots of checkpoints gave so far. */
  Roots roots() {
    return roots;
  }

  /** Answers a member's hello, or refuses one that belongs to something else. */
  Hello answer(String nodeId, Hello hello) {
    Hello own = self.get();
    admission.admit(nodeId, own, hello);
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
    return standing.takenByAll();
  }

  /**
   * Whether all other members answered, taking part themselves, when this node told them that it
   * does; each has that on disk before it answers.
   */
  boolean knownToAll() {
    return standing.knownToAll();
  }

  /**
   * Asks the others, before this node takes part, whether its new directory replaces one that they
   * knew; whoever does not answer in time is not waited for.
   */
  void introduce() {
    CompletableFuture.allOf(
            members.others().stream()
                .map(nodeId -> client.hello(nodeId, self.get()).exceptionally(this::unlessLostDisk))
                .toArray(CompletableFuture[]::new))
        .join();
  }

  /**
   * Says hello a last time before this node stops because it is the odd one, and waits a moment: so
   * the others have heard its roots, and can say why it fell silent.
   */
  void takeLeave() {
    CompletableFuture.allOf(
            members.others().stream()
                .map(nodeId -> client.hello(nodeId, self.get()))
                .toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, LEAVE_MILLIS, TimeUnit.MILLISECONDS)
        .exceptionally(silent -> null)
        .join();
  }

  private @Nullable Hello unlessLostDisk(Throwable failure) {
    if (Standing.isLostDisk(failure)) {
      throw standing.ownDiskLost();
    }
    return null;
  }

  /**
   * Says hello to all, takes the clocks of those that were heard lately into the site's time, and
   * compares the roots of the checkpoints.
   */
  void round() {
    members.others().forEach(this::greet);
    heard.noteOwnRole();
    heard.takeClocks();
    compareRoots();
  }

  private void compareRoots() {
    Roots.Judgement judged = roots.judge(self.get().roots(), members.others());
    if (judged.verdict().selfIsOdd()) {
      odd.found(judged.verdict().op(), judged.majority());
    }
  }

  private void greet(String nodeId) {
    long sent = clock.monotonicNanos();
    Hello own = self.get();
    client
        .hello(nodeId, own)
        .whenComplete(
            (hello, failure) -> {
              if (failure == null) {
                heard.answered(nodeId, hello, sent);
                admission.meet(nodeId, hello);
                standing.taken(nodeId);
                if (own.takesPart() && hello.takesPart()) {
                  standing.known(nodeId);
                }
                roots.heard(nodeId, hello.roots());
              } else {
                heard.silent(nodeId);
                standing.refused(nodeId, failure);
              }
            });
  }

  /** What is wrong among the members now, in words. */
  List<String> incidents() {
    List<String> incidents = new ArrayList<>(heard.incidents());
    incidents.addAll(roots.incidents(members.self()));
    for (String nodeId : admission.refused()) {
      incidents.add("node-refused: " + nodeId + " holds another ledger, history or data key");
    }
    return incidents;
  }
}
