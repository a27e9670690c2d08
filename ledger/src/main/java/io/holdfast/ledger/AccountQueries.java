package io.holdfast.ledger;

import java.util.ArrayList;
import java.util.List;

/** Accounts by filter. They stand in the order of their timestamps, and all are looked at. */
final class AccountQueries {
  /** Accounts looked at in one go, for nothing is applied meanwhile: some milliseconds. */
  static final int LOOKED_AT_MAX = 65_536;

  private AccountQueries() {}

  static Page<Account> page(AccountStore accounts, AccountFilter filter) {
    long from = accounts.lowerBound(filter.first());
    long to =
        filter.last() == Long.MAX_VALUE ? accounts.size() : accounts.lowerBound(filter.last() + 1);
    int step = filter.newestFirst() ? -1 : 1;
    long position = filter.newestFirst() ? to - 1 : from;
    List<Account> rows = new ArrayList<>();
    for (int looked = 0; position >= from && position < to; looked++, position += step) {
      if (looked == LOOKED_AT_MAX) {
        return new Page<>(rows, accounts.timestamp(position - step));
      }
      long at = accounts.at(position);
      if (filter.wants(RecordStore.MEMORY, at)) {
        if (rows.size() == filter.limit()) {
          return new Page<>(rows, rows.getLast().timestamp());
        }
        rows.add(AccountRecord.read(RecordStore.MEMORY, at));
      }
    }
    return new Page<>(rows, 0);
  }
}
