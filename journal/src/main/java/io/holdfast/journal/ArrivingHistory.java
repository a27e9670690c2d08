package io.holdfast.journal;

import io.holdfast.ledger.History;
import io.holdfast.ledger.IdList;
import io.holdfast.ledger.OldFacts;

/**
 * What a ledger has forgotten of a journal that arrives. Runs of it may be in the making still: who
 * asks waits for them, and who has nothing to ask does not.
 */
final class ArrivingHistory implements History {
  private final JournalHistory history;
  private final ArrivingIndex index;
  private long lastOp;

  ArrivingHistory(JournalHistory history, ArrivingIndex index) {
    this.history = history;
    this.index = index;
  }

  /** The ledger has forgotten all up to this op, or never knew it. */
  void forgotten(long upToOp) {
    lastOp = upToOp;
    history.forgotten(upToOp);
  }

  @Override
  public boolean isEmpty() {
    return lastOp == 0;
  }

  @Override
  public void find(IdList ids, OldFacts found) {
    index.await(op -> op >= lastOp);
    history.find(ids, found);
  }

  @Override
  public boolean hasMovementAt(long timestamp) {
    index.await(op -> op >= lastOp);
    return history.hasMovementAt(timestamp);
  }
}
