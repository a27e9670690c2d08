package io.holdfast.cluster;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.ratis.protocol.RaftClientReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of the site's members, on the node that leads: each is one compare-and-set of the
 * configuration, begins by looking at what it is, and can so be asked for again from anywhere. One
 * at a time.
 *
 * <p>No change leaves a site that could not go on: more than half of the members to be must be
 * reachable, and a member is only added while all others are, for four of which one is dead survive
 * no further failure.
 */
final class Membership {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
  private static final long CHANGE_MILLIS = 25_000;
  private static final Duration HAND_OVER = Duration.ofSeconds(2);

  private final Members members;
  private final LastHeard heard;
  private final Leadership leadership;
  private final Consensus consensus;
  private final HandOver handOver;
  private final ReentrantLock one = new ReentrantLock();

  Membership(
      Members members,
      LastHeard heard,
      Leadership leadership,
      Consensus consensus,
      HandOver handOver) {
    this.members = members;
    this.heard = heard;
    this.leadership = leadership;
    this.consensus = consensus;
    this.handOver = handOver;
  }

  /**
   * Takes a node in, or waits for when that is possible.
   *
   * @param replaces the member that it takes the place of; empty for none
   * @throws HoldfastException codes {@code not-leader}, {@code node-removed}, {@code unknown-node},
   *     {@code members-unchanged}
   */
  MemberChange.Answer join(Member node, String replaces) {
    return alone(
        now -> {
          if (now.contains(node)) {
            return done(node.nodeId() + " is a member");
          }
          if (members.isRemoved(node.nodeId())) {
            throw members.removed(node.nodeId());
          }
          List<Member> next = new ArrayList<>(now);
          next.removeIf(m -> m.nodeId().equals(node.nodeId())); // its address has changed
          boolean replacing = next.removeIf(m -> m.nodeId().equals(replaces));
          if (!replaces.isEmpty() && !replacing && !members.isRemoved(replaces)) {
            throw unknown(replaces);
          }
          String dead = unreachable(next);
          if (dead != null && next.size() == now.size()) {
            return not(
                "a member is added while all are there, but "
                    + dead
                    + " is not reachable: replace that one instead");
          }
          next.add(node);
          if (reachable(next, node) <= next.size() / 2) {
            return not("most of the members would not be reachable");
          }
          if (next.size() % 2 == 0) {
            LOG.warn("{} members survive no more failures than {}", next.size(), next.size() - 1);
          }
          members.expect(node);
          change(now, next);
          return done(node.nodeId() + " is a member");
        });
  }

  /**
   * Makes a node a member no more.
   *
   * @throws HoldfastException codes {@code not-leader}, {@code unknown-node}, {@code last-node},
   *     {@code no-majority-left}, {@code members-unchanged}
   */
  MemberChange.Answer remove(String nodeId) {
    if (nodeId.equals(leadership.self()) && leadership.leads() && members.size() > 1) {
      handOver.run(null, HAND_OVER);
    }
    return alone(
        now -> {
          if (members.isRemoved(nodeId)) {
            return done(nodeId + " is no member");
          }
          List<Member> next = new ArrayList<>(now);
          if (!next.removeIf(m -> m.nodeId().equals(nodeId))) {
            throw unknown(nodeId);
          }
          if (next.isEmpty()) {
            throw new HoldfastException(
                "last-node",
                nodeId + " is the last node of its site",
                "stop it instead; its ledger has no other place");
          }
          if (reachable(next, null) <= next.size() / 2) {
            throw new HoldfastException(
                "no-majority-left",
                "without " + nodeId + " most of the members would not be reachable",
                "bring the others back or replace them first");
          }
          if (next.size() % 2 == 0) {
            LOG.warn("{} members survive no more failures than {}", next.size(), next.size() - 1);
          }
          change(now, next);
          return done(nodeId + " is no member");
        });
  }

  /** Something to do with the members as they are. */
  private interface Step {
    MemberChange.Answer run(List<Member> now);
  }

  private MemberChange.Answer alone(Step step) {
    if (!one.tryLock()) {
      return not("another change is under way");
    }
    try {
      if (!leadership.leadsReady()) {
        String leader = leadership.leader();
        throw new HoldfastException(
            "not-leader",
            "this node does not lead; " + (leader == null ? "nobody does" : leader + " does"),
            "ask the node that leads");
      }
      Consensus.Configuration now = consensus.configuration();
      return now.changing() ? not("another change is under way") : step.run(now.members());
    } catch (IOException e) {
      throw unchanged(e);
    } finally {
      one.unlock();
    }
  }

  private void change(List<Member> from, List<Member> to) {
    LOG.info("the members become {} instead of {}", names(to), names(from));
    try {
      RaftClientReply reply = consensus.change(from, to).get(CHANGE_MILLIS, TimeUnit.MILLISECONDS);
      if (!reply.isSuccess()) {
        throw unchanged(reply.getException());
      }
    } catch (ExecutionException e) {
      throw unchanged(e.getCause());
    } catch (TimeoutException e) {
      throw unchanged(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unchanged(e);
    }
  }

  private long reachable(List<Member> of, @Nullable Member certain) {
    return of.stream()
        .filter(
            m ->
                m.equals(certain)
                    || m.nodeId().equals(leadership.self())
                    || heard.reachable(m.nodeId()))
        .count();
  }

  private @Nullable String unreachable(List<Member> of) {
    return of.stream()
        .map(Member::nodeId)
        .filter(id -> !id.equals(leadership.self()) && !heard.reachable(id))
        .findFirst()
        .orElse(null);
  }

  private static List<String> names(List<Member> of) {
    return of.stream().map(Member::nodeId).toList();
  }

  private static MemberChange.Answer done(String text) {
    return new MemberChange.Answer(true, text);
  }

  private static MemberChange.Answer not(String why) {
    return new MemberChange.Answer(false, why);
  }

  private HoldfastException unknown(String nodeId) {
    return new HoldfastException(
        "unknown-node",
        nodeId + " is no member; there are " + String.join(", ", names(members.all())),
        "'holdfast status' shows the members");
  }

  private static HoldfastException unchanged(@Nullable Throwable cause) {
    String message = "the members were not changed: " + (cause == null ? "?" : cause.getMessage());
    String hint = "ask again; each attempt begins by looking at what the members are";
    return cause == null
        ? new HoldfastException("members-unchanged", message, hint)
        : new HoldfastException("members-unchanged", message, hint, cause);
  }
}
