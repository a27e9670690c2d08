package io.holdfast.cluster;

import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/**
 * An operator's wish that a node be a member no more, brought to whichever node leads, again while
 * that changes. Safe for use by many threads.
 */
final class MemberRemoval {
  private static final long ASK_AGAIN_MILLIS = 100;
  private static final long SEEN_POLL_MILLIS = 20;

  private final Members members;
  private final Membership membership;
  private final Leadership leadership;
  private final PeerClient client;

  MemberRemoval(Members members, Membership membership, Leadership leadership, PeerClient client) {
    this.members = members;
    this.membership = membership;
    this.leadership = leadership;
    this.client = client;
  }

  /** Asks until it is done and known here; says what came of it. */
  String run(String nodeId, Duration deadline) {
    long until = System.nanoTime() + deadline.toNanos();
    HoldfastException last =
        new HoldfastException("no-leader", "nobody leads the site", "try again once somebody does");
    try {
      while (System.nanoTime() < until) {
        try {
          MemberChange.Answer answer = ask(nodeId);
          if (answer.done()) {
            awaitSeen(nodeId, until);
            return answer.text();
          }
          last = new HoldfastException("members-unchanged", answer.text(), "ask again");
        } catch (HoldfastException e) {
          if (!e.code().equals("not-leader") && !e.code().equals("no-leader")) {
            throw e;
          }
          last = e;
        }
        leadership.awaitChange(ASK_AGAIN_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw last;
  }

  /** So that what is asked next shows it gone. */
  private void awaitSeen(String nodeId, long until) throws InterruptedException {
    while (members.isMember(nodeId) && System.nanoTime() < until) {
      leadership.awaitChange(SEEN_POLL_MILLIS);
    }
  }

  private MemberChange.Answer ask(String nodeId) {
    String leader = leadership.leader();
    if (leader == null) {
      throw new HoldfastException("no-leader", "nobody leads the site", "try again in a while");
    }
    if (leader.equals(members.self())) {
      return membership.remove(nodeId);
    }
    try {
      return client.change(leader, new MemberChange.Remove(nodeId)).join();
    } catch (CompletionException e) {
      throw MemberCalls.coded(e);
    }
  }
}
