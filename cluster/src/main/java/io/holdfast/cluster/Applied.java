package io.holdfast.cluster;

import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How far this node has applied the log, for all who look and for those who wait for an op. Moved
 * on by the apply thread alone, read by any.
 */
final class Applied {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private volatile Position position;

  Applied(Position position) {
    this.position = position;
  }

  Position position() {
    return position;
  }

  /** Is seen at once by whoever looks; those who wait are told by {@link #signal}. */
  void moveTo(Position next) {
    position = next;
  }

  /** Those who wait look again. */
  void signal() {
    lock.lock();
    try {
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until {@code op} is applied here. */
  void awaitOp(long op, Duration deadline) {
    long left = deadline.toNanos();
    lock.lock();
    try {
      while (position.op() < op) {
        if (left <= 0) {
          throw new HoldfastException(
              "unavailable",
              "op " + op + " is not applied here, the last one is " + position.op(),
              "wait until this node has caught up, or ask for an op that it has");
        }
        left = moved.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException("unavailable", "interrupted while waiting for op " + op, "", e);
    } finally {
      lock.unlock();
    }
  }
}
