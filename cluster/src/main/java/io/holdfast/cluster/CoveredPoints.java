package io.holdfast.cluster;

import io.holdfast.journal.Recovery;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where the log of consensus may be cut off at the front, because the journal has what lay there.
 * Such points are ends of generations, from which a start can go on. A margin of generations is
 * kept, so that a node that was down for a while finds in the log what it missed. Safe for use by
 * many threads.
 */
final class CoveredPoints {
  private final UUID group;
  private final int margin;
  private final Deque<Recovery.Point> complete = new ArrayDeque<>();
  private Recovery.@Nullable Point covered;

  /**
   * @param settled where this node's start goes on; null when it has nothing yet
   * @param margin how many complete generations stay in the log
   */
  CoveredPoints(UUID group, Recovery.@Nullable Point settled, int margin) {
    this.group = group;
    this.margin = margin;
    this.covered = settled == null || !settled.group().equals(group) ? null : settled;
  }

  /** The last point given to consensus; null when its log may not be cut at all. */
  synchronized Recovery.@Nullable Point covered() {
    return covered;
  }

  /** A generation ended with this op, whose entry is this one. */
  synchronized void complete(long op, long term, long index) {
    complete.addLast(new Recovery.Point(op, group, term, index));
  }

  /** Moves on to the newest point that may be given; says whether it did. */
  synchronized boolean advance(long journalledOp) {
    boolean moved = false;
    while (complete.size() > margin && complete.getFirst().op() <= journalledOp) {
      covered = complete.removeFirst();
      moved = true;
    }
    return moved;
  }
}
