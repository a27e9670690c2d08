package io.holdfast.ledger;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Fills empty stores from the pages of a state, as {@link FrozenState} lays them out. */
final class StateLoader {
  private static final int ACCOUNTS_PER_PAGE = FrozenPages.PAGE_BYTES / AccountRecord.BYTES;
  private static final int SIDES_PER_PAGE = FrozenPages.PAGE_BYTES / AccountStore.SIDE_BYTES;
  private static final int KEYS_PER_PAGE = FrozenPages.PAGE_BYTES / DetailsKeyTable.BYTES;
  private static final int SLOTS_PER_PAGE = FrozenPages.PAGE_BYTES / Reservations.BYTES;

  private final AccountStore accounts;
  private final Reservations reservations;
  private final DetailsKeyTable detailsKeys;
  private final StateHeader header;
  private final PageReader pages;

  StateLoader(
      AccountStore accounts,
      Reservations reservations,
      DetailsKeyTable detailsKeys,
      StateHeader header,
      PageReader pages) {
    this.accounts = accounts;
    this.reservations = reservations;
    this.detailsKeys = detailsKeys;
    this.header = header;
    this.pages = pages;
  }

  void load() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(FrozenPages.PAGE_BYTES, FrozenPages.PAGE_BYTES);
      for (long done = 0; done < header.accounts(); done += ACCOUNTS_PER_PAGE) {
        pages.read(page);
        for (int i = 0; i < Math.min(ACCOUNTS_PER_PAGE, header.accounts() - done); i++) {
          accounts.restore(page, (long) i * AccountRecord.BYTES);
        }
      }
      for (long done = 0; done < header.accounts(); done += SIDES_PER_PAGE) {
        pages.read(page);
        for (int i = 0; i < Math.min(SIDES_PER_PAGE, header.accounts() - done); i++) {
          accounts.restoreSide(page, (long) i * AccountStore.SIDE_BYTES);
        }
      }
      for (int done = 0; done < header.slots(); done += SLOTS_PER_PAGE) {
        pages.read(page);
        for (int i = 0; i < Math.min(SLOTS_PER_PAGE, header.slots() - done); i++) {
          reservations.restore(page, (long) i * Reservations.BYTES);
        }
      }
      for (int done = 0; done < header.detailsKeys(); done += KEYS_PER_PAGE) {
        pages.read(page);
        for (int i = 0; i < Math.min(KEYS_PER_PAGE, header.detailsKeys() - done); i++) {
          detailsKeys.restore(page, (long) i * DetailsKeyTable.BYTES);
        }
      }
    }
    reservations.restoreLastFree(header.lastFree());
  }
}
