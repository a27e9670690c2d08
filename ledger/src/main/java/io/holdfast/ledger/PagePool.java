package io.holdfast.ledger;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Room for copies of pages, given out and taken back by number. For any thread. */
final class PagePool {
  private static final int PAGES_AT_ONCE = 256;

  private final Arena arena;
  private long[] chunks = new long[16]; // where each begins
  private int chunkCount;
  private int[] free = new int[PAGES_AT_ONCE];
  private int freeCount;

  PagePool(Arena arena) {
    this.arena = arena;
  }

  synchronized int take() {
    if (freeCount == 0) {
      grow();
    }
    return free[--freeCount];
  }

  synchronized void giveBack(int page) {
    free[freeCount++] = page;
  }

  synchronized long at(int page) {
    return chunks[page / PAGES_AT_ONCE] + (long) (page % PAGES_AT_ONCE) * FrozenPages.PAGE_BYTES;
  }

  /** Makes room for more, and touches it, so that who takes it need not wait for the system. */
  private void grow() {
    if (chunkCount == chunks.length) {
      chunks = Arrays.copyOf(chunks, 2 * chunkCount);
    }
    MemorySegment chunk =
        arena.allocate((long) PAGES_AT_ONCE * FrozenPages.PAGE_BYTES, FrozenPages.PAGE_BYTES);
    chunk.fill((byte) 0);
    free = Arrays.copyOf(free, (chunkCount + 1) * PAGES_AT_ONCE);
    for (int i = 0; i < PAGES_AT_ONCE; i++) {
      free[freeCount++] = chunkCount * PAGES_AT_ONCE + i;
    }
    chunks[chunkCount++] = chunk.address();
  }
}
