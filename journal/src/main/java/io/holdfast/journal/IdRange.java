package io.holdfast.journal;

import io.holdfast.ledger.IdList;

/** The smallest and the largest of some ids. For one thread. */
final class IdRange {
  private long minHi;
  private long minLo;
  private long maxHi;
  private long maxLo;

  /** Takes the range of these, of which there is at least one. */
  void of(IdList ids) {
    minHi = ids.hi(0);
    minLo = ids.lo(0);
    maxHi = minHi;
    maxLo = minLo;
    for (int i = 1; i < ids.size(); i++) {
      long hi = ids.hi(i);
      long lo = ids.lo(i);
      if (IdsCursor.less(hi, lo, minHi, minLo)) {
        minHi = hi;
        minLo = lo;
      } else if (IdsCursor.less(maxHi, maxLo, hi, lo)) {
        maxHi = hi;
        maxLo = lo;
      }
    }
  }

  /** Whether one of them can be in the run. */
  boolean meets(Run run) {
    return run.meets(minHi, minLo, maxHi, maxLo);
  }
}
