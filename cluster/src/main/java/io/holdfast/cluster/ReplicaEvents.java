package io.holdfast.cluster;

import io.holdfast.journal.Recovery;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What consensus tells the replicated ledger, free of the library's types. Calls of {@link
 * #committed} and {@link #passed} come from one thread in the order of the log; the others from any
 * thread.
 */
interface ReplicaEvents {
  /**
   * A sealed batch is on disk on a majority.
   *
   * @return the op that it became
   */
  long committed(long term, long index, ByteBuffer sealed);

  /** An entry that is no batch (a new leader's first, a configuration) was passed. */
  void passed(long term, long index);

  /**
   * The entry up to which the log is not needed to start again, for the journal covers it; null
   * when there is none yet. Called from the thread of {@link #committed}, and at start.
   */
  Recovery.@Nullable Point covered();

  /** A configuration was committed; told again at a start, and from any thread. */
  void membersChanged(long index, List<Member> members);

  /**
   * The leader's log begins with this entry.
   *
   * @return whether this node lacks some before it; it stops itself then
   */
  boolean leftBehind(long firstIndex);

  /** A leader was elected. */
  void leaderChanged(String nodeId);

  /** This node leads and has applied everything of earlier terms: it may take writes. */
  void leaderReady();

  /** This node leads no more; what it had appended may or may not commit. */
  void notLeader();

  /** The log could not be written or read. */
  void logFailed(@Nullable Throwable cause);

  /** Consensus stopped on this node, though nobody asked it to. */
  void shutDown();
}
