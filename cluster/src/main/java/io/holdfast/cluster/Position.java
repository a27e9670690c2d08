package io.holdfast.cluster;

import io.holdfast.ledger.Ledger;

/** How far a copy of the ledger is: the last entry applied and what the ledger said after it. */
record Position(
    long term, long index, long op, long accounts, long transfers, long nextExpiryNanos) {

  /** After the entry with this term and index. */
  static Position of(Ledger ledger, long term, long index) {
    return new Position(
        term,
        index,
        ledger.op(),
        ledger.accountCount(),
        ledger.transferCount(),
        ledger.nextExpiryNanos());
  }

  /** The same ledger, one entry without a batch later. */
  Position passed(long passedTerm, long passedIndex) {
    return new Position(passedTerm, passedIndex, op, accounts, transfers, nextExpiryNanos);
  }
}
