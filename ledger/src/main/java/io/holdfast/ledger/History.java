package io.holdfast.ledger;

/**
 * What became of the ops that a ledger no longer has in memory. It is asked before a batch is
 * judged, never while it is, so that judging waits for nothing and depends on the answers alone.
 */
public interface History {
  /** Of a ledger that has everything in memory. */
  History NONE =
      new History() {
        @Override
        public boolean isEmpty() {
          return true;
        }

        @Override
        public void find(IdList ids, OldFacts found) {}

        @Override
        public boolean hasMovementAt(long timestamp) {
          return false;
        }
      };

  /** Whether there are no such ops. */
  boolean isEmpty();

  /** Tells {@code found} all that is known of these ids: as transfers, as failed, as resolved. */
  void find(IdList ids, OldFacts found);

  /** Whether a movement has exactly this timestamp. */
  boolean hasMovementAt(long timestamp);
}
