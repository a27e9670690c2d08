package io.holdfast.node;

/**
 * How much would be lost if all nodes were lost now: the age of the oldest op that a repository
 * lacks. It may say a little too much, never too little. Safe for use by many threads.
 */
final class RpoWatch {
  private static final long NONE = Long.MIN_VALUE;

  private long op; // of the node, when last looked at
  private long lookedNanos = NONE;
  private long storedOp;
  private long storedNanos = NONE; // time of that op
  private long lackedSince = NONE; // not later than the time of the first op that it lacks

  /** The node is at an op, in the time of the site. */
  synchronized void at(long nodeOp, long nowNanos) {
    op = Math.max(op, nodeOp);
    if (op > storedOp && lackedSince == NONE) {
      lackedSince = Math.max(lookedNanos, storedNanos);
    }
    lookedNanos = nowNanos;
  }

  /** The repository has all up to an op, which came at this time. */
  synchronized void stored(long lastOp, long timeNanos) {
    if (lastOp < storedOp) {
      return;
    }
    storedOp = lastOp;
    storedNanos = timeNanos;
    lackedSince = op <= lastOp ? NONE : Math.max(lackedSince, timeNanos);
  }

  /** What the repository has was looked up; it may be less than was believed. */
  synchronized void found(long lastOp, long timeNanos) {
    storedOp = lastOp;
    storedNanos = timeNanos;
    lackedSince = op <= lastOp ? NONE : timeNanos;
  }

  /** In seconds; 0 when it lacks nothing, -1 while it is not known what it has. */
  synchronized double seconds(long nowNanos) {
    if (storedNanos == NONE) {
      return -1;
    }
    return lackedSince == NONE ? 0 : Math.max(0, nowNanos - lackedSince) / 1e9;
  }

  synchronized long storedOp() {
    return storedOp;
  }

  /**
   * Of the last op that the repository has, in nanoseconds since 1970; 0 while that is not known.
   */
  synchronized long storedNanos() {
    return storedNanos == NONE ? 0 : storedNanos;
  }
}
