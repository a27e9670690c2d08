package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * All that a ledger has to know to judge what comes, history aside, as it was after one op, while
 * the ledger goes on. In pages of 4 KiB:
 *
 * <pre>
 * accounts: 32 records of 128 bytes to a page
 * what they have beside their records: 128 of 32 bytes to a page
 *    0 last movement: its number + 1, 0 for none (8)     8 flags as created (2)   10 0 (2)
 *   12 newest reservation: its slot + 1, 0 for none (4)  16 0 (16)
 * slots of reservations: 25 of 160 bytes to a page
 * keys of details: 64 of 64 bytes to a page, as {@link DetailsKeyTable} lays them out
 * </pre>
 *
 * The same history gives the same pages on every machine. The ledger must be told when it is no
 * longer needed: {@link Ledger#thaw}.
 */
public final class FrozenState {
  public static final int PAGE_BYTES = FrozenPages.PAGE_BYTES;

  private final StateHeader header;
  private final FrozenPages accounts;
  private final FrozenPages sides;
  private final FrozenPages reservations;
  private final PagePool pool;
  private final byte[] detailsKeys;

  FrozenState(
      StateHeader header,
      FrozenPages accounts,
      FrozenPages sides,
      FrozenPages reservations,
      PagePool pool,
      byte[] detailsKeys) {
    this.header = header;
    this.pool = pool;
    this.accounts = accounts;
    this.sides = sides;
    this.reservations = reservations;
    this.detailsKeys = detailsKeys;
  }

  public StateHeader header() {
    return header;
  }

  /** Copies a page, off-heap; each page once, by one thread. */
  public void copy(int page, MemorySegment to) {
    int ofSides = page - accounts.pages();
    int ofReservations = ofSides - sides.pages();
    int ofKeys = ofReservations - reservations.pages();
    if (ofSides < 0) {
      accounts.copy(page, to);
    } else if (ofReservations < 0) {
      sides.copy(ofSides, to);
      for (long at = AccountStore.SIDE_TOUCHED; at < PAGE_BYTES; at += AccountStore.SIDE_BYTES) {
        to.set(JAVA_LONG_UNALIGNED, at, 0);
      }
    } else if (ofKeys < 0) {
      reservations.copy(ofReservations, to);
    } else {
      int from = ofKeys * PAGE_BYTES;
      int part = Math.min(PAGE_BYTES, detailsKeys.length - from);
      MemorySegment.copy(detailsKeys, from, to, JAVA_BYTE, 0, part);
      to.asSlice(part, PAGE_BYTES - part).fill((byte) 0);
    }
  }

  /**
   * Makes sure that the ledger has room for copies of as many pages as this has, so that the next
   * state that it keeps costs it no new memory. For the thread that has read this one.
   */
  public void prepareNext() {
    pool.prepare(header.pages());
  }

  /**
   * Gives back what was kept and never read. For the thread that read the state, after {@link
   * Ledger#thaw}: looking through all pages takes longer than payments should wait.
   */
  public void release() {
    accounts.end();
    sides.end();
    reservations.end();
  }
}
