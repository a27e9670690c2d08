package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.function.IntPredicate;

/**
 * Asks the history, before a batch is judged, all that judging may want to know of ops that are no
 * longer in memory: whether an id exists or failed, what a post or void refers to, and whether the
 * time of an imported account is taken.
 */
final class Prefetch {
  private static final int RESOLVING =
      TransferFlags.POST_PENDING_TRANSFER | TransferFlags.VOID_PENDING_TRANSFER;

  private final History history;
  private final TransferStore transfers;
  private final Reservations reservations;
  private final Events events = new Events();
  private final IdList ids = new IdList();

  Prefetch(History history, TransferStore transfers, Reservations reservations) {
    this.history = history;
    this.transfers = transfers;
    this.reservations = reservations;
  }

  /**
   * Fills the old facts for this batch, whose structure has been checked.
   *
   * @param uncertain whether the event of this number in the batch is to be asked for
   */
  void load(MemorySegment batch, IntPredicate uncertain) {
    OldFacts found = transfers.old();
    found.clear();
    if (history.isEmpty()) {
      return;
    }
    ids.clear();
    int requests = Batch.requestCount(batch);
    long at = Batch.HEADER_BYTES;
    int firstEvent = 0;
    for (int i = 0; i < requests; i++) {
      int kind = Batch.requestKind(batch, at);
      if (kind == RequestKind.CREATE_TRANSFERS.code()) {
        events.load(batch, at + Batch.REQUEST_HEADER_BYTES);
        addIds(firstEvent, uncertain);
      } else if (kind == RequestKind.CREATE_ACCOUNTS.code()) {
        events.load(batch, at + Batch.REQUEST_HEADER_BYTES);
        findTimes(found, firstEvent, uncertain);
      }
      firstEvent += Batch.requestEventCount(batch, at);
      at += Batch.REQUEST_HEADER_BYTES + Batch.requestLength(batch, at);
    }
    if (ids.size() > 0) {
      history.find(ids, found);
    }
  }

  private void addIds(int firstEvent, IntPredicate uncertain) {
    MemorySegment batch = events.segment();
    for (int i = 0; i < events.count(); i++) {
      if (!uncertain.test(firstEvent + i)) {
        continue;
      }
      long at = events.at(i);
      ids.add(batch.get(JAVA_LONG_UNALIGNED, at + 8), batch.get(JAVA_LONG_UNALIGNED, at));
      if ((events.flags(i) & RESOLVING) != 0) {
        long lo = batch.get(JAVA_LONG_UNALIGNED, at + TransferRecord.PENDING_ID);
        long hi = batch.get(JAVA_LONG_UNALIGNED, at + TransferRecord.PENDING_ID + 8);
        if (reservations.find(hi, lo) == Reservations.NOT_FOUND) {
          ids.add(hi, lo);
        }
      }
    }
  }

  private void findTimes(OldFacts found, int firstEvent, IntPredicate uncertain) {
    for (int i = 0; i < events.count(); i++) {
      if (!uncertain.test(firstEvent + i)) {
        continue;
      }
      long timestamp = events.half(i, AccountRecord.TIMESTAMP);
      if ((events.flags(i) & AccountFlags.IMPORTED) != 0 && history.hasMovementAt(timestamp)) {
        found.movementAt(timestamp);
      }
    }
  }
}
