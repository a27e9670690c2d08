package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.holdfast.kernel.UInt128;
import java.lang.foreign.MemorySegment;

/** An account's balances on the way back from now: each movement undone gives those before it. */
final class RunningBalance {
  private static final int HALVES = 8;

  private final TransferStore transfers;
  private final long[] halves = new long[HALVES]; // as in the record, from debits_pending on

  RunningBalance(AccountStore accounts, TransferStore transfers, int account) {
    this.transfers = transfers;
    MemorySegment record = RecordStore.MEMORY;
    long at = accounts.at(account) + AccountRecord.DEBITS_PENDING;
    for (int i = 0; i < HALVES; i++) {
      halves[i] = record.get(JAVA_LONG_UNALIGNED, at + (long) i * Long.BYTES);
    }
  }

  /** The balances right after the movement at which the walk stands. */
  Balance after(Movements walk) {
    MemorySegment record = RecordStore.MEMORY;
    long at = transfers.at(walk.position());
    return new Balance(
        walk.timestamp(),
        Records128.read(record, at + TransferRecord.ID),
        walk.expiry(),
        balance(AccountRecord.DEBITS_PENDING),
        balance(AccountRecord.DEBITS_POSTED),
        balance(AccountRecord.CREDITS_PENDING),
        balance(AccountRecord.CREDITS_POSTED));
  }

  /** Steps to the balances right before the movement at which the walk stands. */
  void undo(Movements walk) {
    long position = walk.position();
    int pending = walk.debit() ? AccountRecord.DEBITS_PENDING : AccountRecord.CREDITS_PENDING;
    int posted = walk.debit() ? AccountRecord.DEBITS_POSTED : AccountRecord.CREDITS_POSTED;
    int flags = transfers.flags(position);
    if ((flags & TransferStore.EXPIRY) != 0) {
      give(pending, position);
    } else if ((flags & TransferFlags.PENDING) != 0) {
      take(pending, position);
    } else if ((flags & TransferFlags.VOID_PENDING_TRANSFER) != 0) {
      give(pending, transfers.resolved(position));
    } else if ((flags & TransferFlags.POST_PENDING_TRANSFER) != 0) {
      take(posted, position);
      give(pending, transfers.resolved(position));
    } else {
      take(posted, position);
    }
  }

  private void give(int field, long transfer) {
    int i = index(field);
    long hi = amount(transfer, 8);
    long lo = amount(transfer, 0);
    halves[i + 1] = Halves.sumHi(halves[i + 1], halves[i], hi, lo);
    halves[i] += lo;
  }

  private void take(int field, long transfer) {
    int i = index(field);
    long hi = amount(transfer, 8);
    long lo = amount(transfer, 0);
    halves[i + 1] = Halves.differenceHi(halves[i + 1], halves[i], hi, lo);
    halves[i] -= lo;
  }

  private long amount(long transfer, int half) {
    return RecordStore.MEMORY.get(
        JAVA_LONG_UNALIGNED, transfers.at(transfer) + TransferRecord.AMOUNT + half);
  }

  private UInt128 balance(int field) {
    int i = index(field);
    return new UInt128(halves[i + 1], halves[i]);
  }

  private static int index(int field) {
    return (field - AccountRecord.DEBITS_PENDING) / Long.BYTES;
  }
}
