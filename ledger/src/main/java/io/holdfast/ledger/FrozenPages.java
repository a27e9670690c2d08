package io.holdfast.ledger;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The records of a store as they are at one moment, in pages, while the store goes on changing. The
 * thread that changes a record keeps a copy of its page first, unless that was read already;
 * another thread reads page by page. Who changes never waits for who reads: a page counts as read
 * only if it was not kept meanwhile, or else the copy is read. Who reads waits for one page to be
 * copied.
 */
final class FrozenPages {
  /** What processors and file systems deal in. */
  static final int PAGE_BYTES = 4096;

  private static final VarHandle STATES = MethodHandles.arrayElementVarHandle(int[].class);

  private static final int AS_IT_WAS = 0;
  private static final int BEING_KEPT = -1;
  private static final int DONE = -2;

  private final RecordStore store;
  private final PagePool pool;
  private final int recordBytes;
  private final int perPage;
  private final long records;
  private final int[] states; // or, when above 0, the copy's number in the pool + 1

  FrozenPages(RecordStore store, int recordBytes, PagePool pool) {
    this.store = store;
    this.pool = pool;
    this.recordBytes = recordBytes;
    this.perPage = PAGE_BYTES / recordBytes;
    this.records = store.size();
    this.states = new int[pages(records, recordBytes)];
  }

  /** How many pages so many records take. */
  static int pages(long records, int recordBytes) {
    int perPage = PAGE_BYTES / recordBytes;
    return Math.toIntExact((records + perPage - 1) / perPage);
  }

  int pages() {
    return states.length;
  }

  /** To be called before a record is changed, by the thread that does. */
  void beforeChange(long position) {
    if (position >= records) {
      return;
    }
    int page = (int) (position / perPage);
    if (state(page) == AS_IT_WAS && STATES.compareAndSet(states, page, AS_IT_WAS, BEING_KEPT)) {
      int copy = pool.take();
      read(page, pool.at(copy));
      STATES.setVolatile(states, page, copy + 1);
    }
  }

  /** Copies a page as it was; each page once, by one thread. */
  void copy(int page, MemorySegment to) {
    long target = to.address();
    if (state(page) == AS_IT_WAS) {
      read(page, target);
      if (STATES.compareAndSet(states, page, AS_IT_WAS, DONE)) {
        return; // nothing was changed while it was read
      }
    }
    int copy = awaitKept(page) - 1;
    MemorySegment.copy(RecordStore.MEMORY, pool.at(copy), RecordStore.MEMORY, target, PAGE_BYTES);
    pool.giveBack(copy);
    STATES.setVolatile(states, page, DONE);
  }

  /** Gives back what was copied and never read. */
  void end() {
    for (int page = 0; page < states.length; page++) {
      int state = state(page);
      if (state > 0) {
        pool.giveBack(state - 1);
      }
    }
  }

  private int awaitKept(int page) {
    int state = state(page);
    while (state == BEING_KEPT) {
      state = state(page);
    }
    return state;
  }

  private int state(int page) {
    return (int) STATES.getVolatile(states, page);
  }

  private void read(int page, long target) {
    long first = (long) page * perPage;
    int count = (int) Math.min(perPage, records - first);
    int done = 0;
    while (done < count) {
      long at = first + done;
      int together = (int) Math.min(count - done, store.chunkEnd(at) - at);
      MemorySegment.copy(
          RecordStore.MEMORY,
          store.at(at),
          RecordStore.MEMORY,
          target + (long) done * recordBytes,
          (long) together * recordBytes);
      done += together;
    }
    long used = (long) count * recordBytes;
    if (used < PAGE_BYTES) {
      RecordStore.MEMORY.asSlice(target + used, PAGE_BYTES - used).fill((byte) 0);
    }
  }
}
