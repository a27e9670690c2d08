package io.holdfast.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is collected of a few generations that follow each other. As many as are merged become one
 * run at once, the same that merging theirs would give: they are then written once, not twice. For
 * one thread at a time.
 */
final class RunGroup {
  private final RunBuilder rows;
  private final List<RunBuilder.Mark> ends = new ArrayList<>();
  private long weight; // of the generation that is being collected

  /**
   * @param events that are expected at most
   */
  RunGroup(long events) {
    this.rows = new RunBuilder(1024, Math.clamp(events, 1024, Integer.MAX_VALUE));
  }

  RunBuilder rows() {
    return rows;
  }

  /** Begins anew with this op and movement. */
  void begin(long firstOp, long firstMovement) {
    rows.begin(firstOp, firstMovement);
    ends.clear();
    weight = 0;
  }

  /** Counts an op; says whether the generation is complete with it. */
  boolean isCompleteWith(long itsWeight, long generationWeight) {
    weight += itsWeight;
    return weight >= generationWeight;
  }

  /** Ends the generation, complete or not. */
  void endGeneration() {
    ends.add(rows.mark());
    weight = 0;
  }

  /** Whether anything was collected since the last generation ended. */
  boolean hasMore() {
    return weight > 0;
  }

  int generations() {
    return ends.size();
  }

  /**
   * Writes its runs.
   *
   * @param one what is written apart is copied into
   */
  void write(RunTiers tiers, RunBuilder one) throws IOException {
    if (ends.size() == RunTiers.MERGED) {
      tiers.add(rows, 1);
    } else if (ends.size() == 1) {
      tiers.add(rows);
    } else {
      RunBuilder.Mark from = RunBuilder.Mark.BEGINNING;
      for (RunBuilder.Mark to : ends) {
        one.copy(rows, from, to);
        tiers.add(one);
        from = to;
      }
    }
  }
}
