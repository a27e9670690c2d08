package io.holdfast.cli;

/**
 * Gives each row of an import with original dates its place in time. Timestamps of imported events
 * must strictly increase and never coincide, but files know days, not nanoseconds. So each row
 * takes the next {@value #SLOT} nanoseconds from its date on: the first for its account if that is
 * new, the second for its counter-account, the third for the transfer.
 */
final class ImportedTimes {
  /** Timestamps that one row may need. */
  static final int SLOT = 3;

  private long lastDate = Long.MIN_VALUE;
  private long nextFree = 1;

  /**
   * The first of the row's timestamps, nanoseconds since the epoch.
   *
   * @throws RowRefused if the row is older than the one before it, or than 1970
   */
  long next(long dateNanos) throws RowRefused {
    if (dateNanos < 0) {
      throw new RowRefused(
          "date-before-1970", "the date lies before 1970-01-01, where time begins for the ledger");
    }
    if (dateNanos < lastDate) {
      throw new RowRefused(
          "not-in-order",
          "the date is older than that of a row before it; original dates need a file sorted by"
              + " date, oldest first");
    }
    lastDate = dateNanos;
    long slot = Math.max(dateNanos, nextFree);
    nextFree = slot + SLOT;
    return slot;
  }
}
