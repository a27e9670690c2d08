package io.holdfast.cluster;

import io.holdfast.kernel.Invariants;
import io.holdfast.ledger.FrozenState;
import io.holdfast.ledger.Ledger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The ledger in memory and the lock that its one writer and its readers share: whoever holds it
 * sees the state between two batches, and memory that is still there.
 *
 * <p>{@link #change} is for the apply thread alone, which may also read the ledger without the lock
 * as long as nothing is closed; {@link #thaw} comes from the thread that writes checkpoints, reads
 * from any thread.
 */
final class SharedLedger {
  private static final long THAW_POLL_MILLIS = 10;
  private static final long READERS_LEAVE_SECONDS = 5;

  private final Ledger ledger;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private volatile boolean closing;
  private volatile boolean closed; // set under the write lock; the ledger's memory is gone then

  SharedLedger(Ledger ledger) {
    this.ledger = ledger;
  }

  Lock readLock() {
    return lock.readLock();
  }

  boolean isClosing() {
    return closing;
  }

  boolean isClosed() {
    return closed;
  }

  /** Changes the state while nobody reads; false when there is none any more. */
  boolean change(Runnable change) {
    lock.writeLock().lock();
    try {
      if (closed) {
        return false;
      }
      change.run();
      return true;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Does what reads the state, if it is still there. Readers may go on; only the end waits. */
  void hold(Runnable work) {
    lock.readLock().lock();
    try {
      if (!closed) {
        work.run();
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Keeps the state for a checkpoint, as it is after the last op. */
  @Nullable FrozenState freeze() {
    lock.writeLock().lock();
    try {
      return closed ? null : ledger.freeze();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Lets go of the state that was kept, unless all of the ledger goes. */
  void thaw() {
    boolean locked = false;
    try {
      while (!locked && !closing) {
        locked = lock.writeLock().tryLock(THAW_POLL_MILLIS, TimeUnit.MILLISECONDS);
      }
      if (locked && !closed) {
        ledger.thaw();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (locked) {
        lock.writeLock().unlock();
      }
    }
  }

  /** Whoever waits for something before the end gives up. */
  void closing() {
    closing = true;
  }

  /**
   * Waits for the readers to leave and closes the ledger.
   *
   * @param parts closes what works on the ledger, right before
   */
  void close(Runnable parts) {
    try {
      Invariants.check(
          lock.writeLock().tryLock(READERS_LEAVE_SECONDS, TimeUnit.SECONDS),
          "readers leave before the state is closed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      closed = true;
      parts.run();
    } finally {
      ledger.close();
      lock.writeLock().unlock();
    }
  }
}
