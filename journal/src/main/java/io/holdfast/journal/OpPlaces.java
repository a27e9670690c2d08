package io.holdfast.journal;

import io.holdfast.kernel.Invariants;
import java.util.Arrays;

/** Where the entries of the newest ops lie: those that no run tells of yet. For any thread. */
final class OpPlaces {
  private long[] segments = new long[1024];
  private long[] offsets = new long[1024];
  private long firstOp = 1;
  private int from; // of the first op in the arrays
  private int count;

  /** Notes where the next op lies: in which segment, by its first op, and where in that. */
  synchronized void add(long op, long segment, long offset) {
    if (count == 0) {
      firstOp = op;
      from = 0;
    }
    Invariants.check(op == firstOp + count, "places come in order", firstOp + count, op);
    if (from + count == segments.length) {
      int size = count * 2 > segments.length ? segments.length * 2 : segments.length;
      segments = Arrays.copyOf(Arrays.copyOfRange(segments, from, from + count), size);
      offsets = Arrays.copyOf(Arrays.copyOfRange(offsets, from, from + count), size);
      from = 0;
    }
    segments[from + count] = segment;
    offsets[from + count] = offset;
    count++;
  }

  synchronized long segment(long op) {
    return segments[at(op)];
  }

  synchronized long offset(long op) {
    return offsets[at(op)];
  }

  /** Forgets the ops up to this one. */
  synchronized void forget(long upToOp) {
    int gone = Math.clamp(upToOp - firstOp + 1, 0, count);
    from += gone;
    count -= gone;
    firstOp += gone;
  }

  private int at(long op) {
    Invariants.check(
        op >= firstOp && op < firstOp + count, "the place of an op is known", firstOp, op);
    return from + (int) (op - firstOp);
  }
}
