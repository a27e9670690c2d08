package io.holdfast.ledger;

import io.holdfast.kernel.Limits;

/**
 * Releases pending transfers whose time is over, in order of expiry and then of creation, each
 * under a timestamp of its own. What is due is decided by the stamp and the ledger's own time
 * alone, so every replica releases the same.
 */
final class Pulse {
  private final TransferStore transfers;
  private final ExpiryQueue expiries;
  private final Resolution resolution;
  private final int[] due = new int[Limits.BATCH_EVENTS_MAX];

  Pulse(TransferStore transfers, ExpiryQueue expiries, Resolution resolution) {
    this.transfers = transfers;
    this.expiries = expiries;
    this.resolution = resolution;
  }

  /** Releases what is due and returns the batch's time. */
  long release(long stamp, long lastTimestamp) {
    int count = expiries.takeDue(Math.max(stamp, lastTimestamp), due);
    long time = Math.max(stamp, lastTimestamp + count);
    transfers.beginOp(time - count + 1);
    for (int i = 0; i < count; i++) {
      resolution.expire(due[i], time - count + i + 1);
    }
    return time;
  }
}
