package io.holdfast.journal;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Entries on their way from the thread that applies to the thread that journals, one after the
 * other in fixed memory. When it is full the giver waits: the journal is never further behind than
 * this.
 *
 * <p>One thread claims and publishes, one takes and releases. An entry lies in one piece; before
 * it, 8 bytes hold its length, or -1 where the rest up to the end was too small for the next one.
 */
final class EntryRing {
  private static final int PREFIX_BYTES = 8;
  private static final int WRAP = -1;

  private final byte[] bytes;
  private final MemorySegment memory;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final int[] lengths; // per 8 bytes of the ring: the length of the entry that begins there
  private long published; // guarded by lock, as all below
  private long released;
  private boolean closed;
  private boolean nudged;
  private @Nullable RuntimeException failure;
  private long claimedAt; // the giver's own
  private long takenAt; // the taker's own

  EntryRing(int sizeBytes) {
    this.bytes = new byte[EntryLayout.padded(sizeBytes)];
    this.memory = MemorySegment.ofArray(bytes);
    this.lengths = new int[bytes.length / PREFIX_BYTES];
  }

  /** Room for twice the largest entry, so that one can be journalled while the next comes. */
  static int defaultBytes() {
    return 3 * EntryLayout.BYTES_MAX;
  }

  MemorySegment memory() {
    return memory;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Waits for room for an entry of at most so many bytes and returns where it is to be written. */
  int claim(int mostBytes) {
    int most = PREFIX_BYTES + EntryLayout.padded(mostBytes);
    lock.lock();
    try {
      claimedAt = published;
      int left = bytes.length - index(claimedAt);
      if (left < most) {
        claimedAt += left;
      }
      while (failure == null && claimedAt + most - released > bytes.length) {
        changed.awaitUninterruptibly();
      }
      if (failure != null) {
        throw failure;
      }
      if (claimedAt != published) {
        lengths[index(published) / PREFIX_BYTES] = WRAP;
      }
      return index(claimedAt) + PREFIX_BYTES;
    } finally {
      lock.unlock();
    }
  }

  /** Hands the entry over that was written where {@link #claim} said. */
  void publish(int length) {
    lock.lock();
    try {
      lengths[index(claimedAt) / PREFIX_BYTES] = length;
      published = claimedAt + PREFIX_BYTES + EntryLayout.padded(length);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next entry; returns where it is, or -1 when none came in time or ever will. */
  int take(long waitNanos) {
    lock.lock();
    try {
      long left = waitNanos;
      while (published == released && !closed && !nudged && left > 0) {
        left = changed.awaitNanos(left);
      }
      nudged = false;
      if (published == released) {
        return -1;
      }
      takenAt = released;
      if (lengths[index(takenAt) / PREFIX_BYTES] == WRAP) {
        takenAt += bytes.length - index(takenAt);
      }
      return index(takenAt) + PREFIX_BYTES;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    } finally {
      lock.unlock();
    }
  }

  /** Lets who waits for an entry look up at once. */
  void nudge() {
    lock.lock();
    try {
      nudged = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The length of the entry taken. */
  int length() {
    return lengths[index(takenAt) / PREFIX_BYTES];
  }

  /** Gives the room of the entry taken back. */
  void release() {
    lock.lock();
    try {
      released = takenAt + PREFIX_BYTES + EntryLayout.padded(length());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all that was published is released. */
  void drain() {
    lock.lock();
    try {
      while (failure == null && published != released) {
        changed.awaitUninterruptibly();
      }
      if (failure != null) {
        throw failure;
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return published == released;
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing will come any more and all that came was taken. */
  boolean isDone() {
    lock.lock();
    try {
      return closed && published == released;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets the giver fail from now on, for nobody takes any more. */
  void fail(RuntimeException reason) {
    lock.lock();
    try {
      failure = reason;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private int index(long position) {
    return (int) (position % bytes.length);
  }
}
