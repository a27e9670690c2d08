package io.holdfast.journal;

import io.holdfast.ledger.Generation;
import io.holdfast.ledger.MovementKind;

/** Hands what is in a generation to the builder of its run. */
final class GenerationRows implements Generation.Visitor {
  private final RunBuilder builder;
  private final OpPlaces places;
  private long op;

  GenerationRows(RunBuilder builder, OpPlaces places) {
    this.builder = builder;
    this.places = places;
  }

  @Override
  public void op(long itsOp, long firstTimestamp, int movements) {
    op = itsOp;
    builder.op(places.segment(op), places.offset(op), firstTimestamp, movements);
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
    if (kind != MovementKind.EXPIRE) {
      builder.id(idHi, idLo, Address.of(op, event, Address.CREATED));
    }
    if (kind.resolves()) {
      builder.id(pendingHi, pendingLo, Address.of(op, event, Address.resolvedBy(kind)));
    }
    long address = Address.of(op, event, 0);
    builder.posting(
        debitAccount, address, false, kind.code(), amountHi, amountLo, releasedHi, releasedLo);
    builder.posting(
        creditAccount, address, true, kind.code(), amountHi, amountLo, releasedHi, releasedLo);
  }

  @Override
  public void failed(int event, long hi, long lo) {
    builder.id(hi, lo, Address.of(op, event, Address.FAILED));
  }
}
