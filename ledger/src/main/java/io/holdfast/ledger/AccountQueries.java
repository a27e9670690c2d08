package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Accounts by filter, oldest first. */
final class AccountQueries {
  private AccountQueries() {}

  static Page<Account> page(AccountStore accounts, AccountFilter filter) {
    List<Account> rows = new ArrayList<>();
    long position = filter.after() == 0 ? 0 : accounts.lowerBound(filter.after() + 1);
    for (; position < accounts.size(); position++) {
      MemorySegment record = RecordStore.MEMORY;
      long at = accounts.at(position);
      if (matches(filter, record, at)) {
        if (rows.size() == filter.limit()) {
          return new Page<>(rows, rows.get(rows.size() - 1).timestamp());
        }
        rows.add(AccountRecord.read(record, at));
      }
    }
    return new Page<>(rows, 0);
  }

  private static boolean matches(AccountFilter filter, MemorySegment record, long at) {
    return (filter.ledger() == null
            || filter.ledger() == record.get(JAVA_INT_UNALIGNED, at + AccountRecord.LEDGER))
        && (filter.code() == null
            || filter.code()
                == Short.toUnsignedInt(record.get(JAVA_SHORT_UNALIGNED, at + AccountRecord.CODE)))
        && (filter.userData128() == null
            || filter
                .userData128()
                .equals(Records128.read(record, at + AccountRecord.USER_DATA_128)))
        && (filter.userData64() == null
            || filter.userData64()
                == record.get(JAVA_LONG_UNALIGNED, at + AccountRecord.USER_DATA_64))
        && (filter.userData32() == null
            || filter.userData32()
                == record.get(JAVA_INT_UNALIGNED, at + AccountRecord.USER_DATA_32));
  }
}
