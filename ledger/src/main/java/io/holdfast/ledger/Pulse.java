package io.holdfast.ledger;

import io.holdfast.kernel.Limits;

/**
 * Releases pending transfers whose time is over, in order of expiry and then of creation, each
 * under a timestamp of its own. What is due is decided by the stamp and the ledger's own time
 * alone, so every replica releases the same.
 */
final class Pulse {
  private final ExpiryQueue expiries;
  private final Resolution resolution;
  private final long[] due = new long[Limits.BATCH_EVENTS_MAX];

  Pulse(ExpiryQueue expiries, Resolution resolution) {
    this.expiries = expiries;
    this.resolution = resolution;
  }

  /** Releases what is due and returns the batch's time. */
  long release(long stamp, long lastTimestamp) {
    int count = expiries.takeDue(Math.max(stamp, lastTimestamp), due);
    long time = Math.max(stamp, lastTimestamp + count);
    for (int i = 0; i < count; i++) {
      resolution.expire(due[i], time - count + i + 1);
    }
    return time;
  }
}
