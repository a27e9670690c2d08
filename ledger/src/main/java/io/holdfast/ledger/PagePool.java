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

  int take() {
    int page = takeFree();
    while (page < 0) {
      add(newChunk());
      page = takeFree();
    }
    return page;
  }

  /** Makes sure that so many are free; who takes one meanwhile does not wait for it. */
  void prepare(int pages) {
    while (free() < pages) {
      add(newChunk());
    }
  }

  private synchronized int takeFree() {
    return freeCount == 0 ? -1 : free[--freeCount];
  }

  private synchronized int free() {
    return freeCount;
  }

  synchronized void giveBack(int page) {
    free[freeCount++] = page;
  }

  synchronized long at(int page) {
    return chunks[page / PAGES_AT_ONCE] + (long) (page % PAGES_AT_ONCE) * FrozenPages.PAGE_BYTES;
  }

  /** Room for more, touched, so that who takes it need not wait for the system. */
  private long newChunk() {
    MemorySegment chunk =
        arena.allocate((long) PAGES_AT_ONCE * FrozenPages.PAGE_BYTES, FrozenPages.PAGE_BYTES);
    chunk.fill((byte) 0);
    return chunk.address();
  }

  private synchronized void add(long chunk) {
    if (chunkCount == chunks.length) {
      chunks = Arrays.copyOf(chunks, 2 * chunkCount);
    }
    free = Arrays.copyOf(free, (chunkCount + 1) * PAGES_AT_ONCE);
    for (int i = 0; i < PAGES_AT_ONCE; i++) {
      free[freeCount++] = chunkCount * PAGES_AT_ONCE + i;
    }
    chunks[chunkCount++] = chunk;
  }
}
