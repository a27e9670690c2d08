package io.holdfast.journal;

import io.holdfast.ledger.Generation;
import io.holdfast.ledger.MovementKind;

/** Tells what the index holds of a generation, or of an entry. */
final class GenerationRows implements Generation.Visitor {
  private final RunRows rows;
  private final OpPlaces places;
  private final long fromOp;
  private long op;

  GenerationRows(RunRows rows, OpPlaces places) {
    this(rows, places, 0);
  }

  /**
   * @param fromOp the first op to tell of
   */
  GenerationRows(RunRows rows, OpPlaces places, long fromOp) {
    this.rows = rows;
    this.places = places;
    this.fromOp = fromOp;
  }

  @Override
  public void op(long itsOp, long firstTimestamp, int movements) {
    op = itsOp;
    if (op < fromOp) {
      return;
    }
    rows.op(op, places.segment(op), places.offset(op), firstTimestamp, movements);
  }

  @Override
  public void movement(
      int event,
      MovementKind kind,
      long idHi,
      long idLo,
      long pendingHi,
      long pendingLo,
      int debitAccount,
      int creditAccount,
      long amountHi,
      long amountLo,
      long releasedHi,
      long releasedLo) {
    if (op < fromOp) {
      return;
    }
    if (kind != MovementKind.EXPIRE) {
      rows.id(idHi, idLo, Address.of(op, event, Address.CREATED));
    }
    if (kind.resolves()) {
      rows.id(pendingHi, pendingLo, Address.of(op, event, Address.resolvedBy(kind)));
    }
    long address = Address.of(op, event, 0);
    rows.posting(
        debitAccount, address, false, kind.code(), amountHi, amountLo, releasedHi, releasedLo);
    rows.posting(
        creditAccount, address, true, kind.code(), amountHi, amountLo, releasedHi, releasedLo);
  }

  @Override
  public void failed(int event, long hi, long lo) {
    if (op >= fromOp) {
      rows.id(hi, lo, Address.of(op, event, Address.FAILED));
    }
  }
}
