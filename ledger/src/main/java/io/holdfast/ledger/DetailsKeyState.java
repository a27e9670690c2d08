package io.holdfast.ledger;

/**
 * What history knows of a key that details were sealed under.
 *
 * @param firstOp the first op that came with details under it
 * @param lastOp the last one
 * @param transfers that were created with details under it
 * @param destroyedOp the op that destroyed it; 0 while it is alive
 * @param destroyedAt the time of that op, in nanoseconds since 1970
 */
public record DetailsKeyState(
    DetailsKeyName name,
    long firstOp,
    long lastOp,
    long transfers,
    long destroyedOp,
    long destroyedAt) {

  public boolean destroyed() {
    return destroyedOp != 0;
  }
}
