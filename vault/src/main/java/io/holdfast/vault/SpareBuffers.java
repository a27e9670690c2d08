package io.holdfast.vault;

import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Byte arrays of some MiB that are used again and again rather than made anew for each object; zero
 * when they are given back, for they held what is secret. For any thread.
 */
final class SpareBuffers {
  /** As many objects as are sealed or opened at once are worth a buffer. */
  private static final int BUFFERS_MAX = Runtime.getRuntime().availableProcessors();

  /** Larger ones are rare, and not worth their memory. */
  private static final int BYTES_MAX = 16 * 1024 * 1024;

  /** So that pieces of slightly different sizes share a buffer. */
  private static final int BYTES_STEP = 1024 * 1024;

  private final ArrayBlockingQueue<byte[]> spare = new ArrayBlockingQueue<>(BUFFERS_MAX);

  /** A buffer with at least so many bytes. */
  byte[] take(int bytes) {
    byte[] buffer = spare.poll();
    if (buffer != null && buffer.length >= bytes) {
      return buffer;
    }
    long rounded = ((long) bytes + BYTES_STEP - 1) / BYTES_STEP * BYTES_STEP;
    return new byte[(int) Math.min(rounded, Integer.MAX_VALUE - 8)];
  }

  /** Gives back one of which the first bytes were used. */
  void giveBack(byte[] buffer, int used) {
    Arrays.fill(buffer, 0, used, (byte) 0);
    if (buffer.length <= BYTES_MAX) {
      spare.offer(buffer); // full: it is garbage
    }
  }
}
