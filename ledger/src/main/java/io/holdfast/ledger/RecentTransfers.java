package io.holdfast.ledger;

import java.util.ArrayList;
import java.util.List;

/**
 * What a ledger has in memory of a page about all transfers; the rest, if any is wanted, lies
 * further back.
 *
 * @param rows in the order asked for, one more than the limit if there are that many
 * @param enough whether nothing older than what is in memory is wanted
 * @param stoppedAt where the look through memory was given up for its length: the timestamp of the
 *     last movement looked at; 0 if it was not
 */
public record RecentTransfers(List<Transfer> rows, boolean enough, long stoppedAt) {
  /** Movements looked at in one go, for nothing is applied meanwhile: some milliseconds. */
  static final int LOOKED_AT_MAX = 65_536;

  public RecentTransfers {
    rows = List.copyOf(rows);
  }

  static RecentTransfers find(TransferStore transfers, TransferFilter filter) {
    long firstInMemory = transfers.firstInMemory();
    long from = Math.max(firstInMemory, transfers.firstAtOrAfter(filter.first()));
    long to =
        filter.last() == Long.MAX_VALUE
            ? transfers.size()
            : transfers.firstAtOrAfter(filter.last() + 1);
    boolean enough = from > firstInMemory || firstInMemory == 0;
    List<Transfer> rows = new ArrayList<>();
    long looked = 0;
    long movement = filter.newestFirst() ? to - 1 : from;
    while (movement >= from && movement < to && rows.size() <= filter.limit()) {
      if (looked++ == LOOKED_AT_MAX) {
        return new RecentTransfers(
            rows, enough, transfers.timestamp(lastLookedAt(filter, movement)));
      }
      long at = transfers.at(movement);
      if (MovementKind.of(transfers.flags(movement)) != MovementKind.EXPIRE
          && filter.wants(RecordStore.MEMORY, at)) {
        rows.add(TransferRecord.read(RecordStore.MEMORY, at));
      }
      movement += filter.newestFirst() ? -1 : 1;
    }
    return new RecentTransfers(rows, enough, 0);
  }

  private static long lastLookedAt(TransferFilter filter, long movement) {
    return filter.newestFirst() ? movement + 1 : movement - 1;
  }

  /** Whether what is in memory is all that this page can have. */
  public boolean isComplete(TransferFilter filter) {
    boolean full = filter.newestFirst() && (rows.size() > filter.limit() || stoppedAt != 0);
    return enough || full;
  }

  /** The page, when all of it is in memory. */
  public Page<Transfer> page(TransferFilter filter) {
    return stoppedAt != 0
        ? new Page<>(rows, stoppedAt)
        : Page.of(rows, filter.limit(), Transfer::timestamp);
  }
}
