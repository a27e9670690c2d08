package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.holdfast.kernel.UInt128;
import java.lang.foreign.MemorySegment;

/** A walk over the movements of one account, from the newest to the oldest. */
final class Movements {
  private final TransferStore transfers;
  private final UInt128 account;
  private long position;
  private int next;
  private boolean debit;

  /** Begins before the newest movement. */
  Movements(AccountStore accounts, TransferStore transfers, int accountPosition) {
    this.transfers = transfers;
    this.account = Records128.read(RecordStore.MEMORY, accounts.at(accountPosition));
    this.next = accounts.lastMovement(accountPosition);
  }

  /** Steps to the next older movement; false when there is none. */
  boolean step() {
    if (next == 0) {
      return false;
    }
    position = next - 1L;
    debit =
        RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, at(TransferRecord.DEBIT_ACCOUNT_ID))
                == account.lo()
            && RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, at(TransferRecord.DEBIT_ACCOUNT_ID + 8))
                == account.hi();
    next = debit ? transfers.previousDebit(position) : transfers.previousCredit(position);
    return true;
  }

  long position() {
    return position;
  }

  long timestamp() {
    return transfers.timestamp(position);
  }

  /** Whether the movement is on the debit side of the account. */
  boolean debit() {
    return debit;
  }

  boolean expiry() {
    return transfers.isExpiry(position);
  }

  /** Whether the filter wants this movement, its times and continuation aside. */
  boolean matches(HistoryFilter filter) {
    if (filter.side() != null && (filter.side() == HistoryFilter.Side.DEBIT) != debit) {
      return false;
    }
    MemorySegment record = RecordStore.MEMORY;
    return (filter.code() == null
            || filter.code()
                == Short.toUnsignedInt(record.get(JAVA_SHORT_UNALIGNED, at(TransferRecord.CODE))))
        && (filter.userData128() == null
            || filter
                .userData128()
                .equals(Records128.read(record, at(TransferRecord.USER_DATA_128))))
        && (filter.userData64() == null
            || filter.userData64()
                == record.get(JAVA_LONG_UNALIGNED, at(TransferRecord.USER_DATA_64)))
        && (filter.userData32() == null
            || filter.userData32()
                == record.get(JAVA_INT_UNALIGNED, at(TransferRecord.USER_DATA_32)));
  }

  private long at(int field) {
    return transfers.at(position) + field;
  }
}
