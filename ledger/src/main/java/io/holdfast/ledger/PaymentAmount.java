package io.holdfast.ledger;

import static io.holdfast.ledger.TransferFlags.BALANCING_CREDIT;
import static io.holdfast.ledger.TransferFlags.BALANCING_DEBIT;
import static io.holdfast.ledger.TransferFlags.PENDING;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The amount that a payment moves, after balancing, judged against the balances of its accounts:
 * pending and posted of one side together never reach 2^128, and limits hold.
 */
final class PaymentAmount {
  private final AccountStore accounts;
  private long hi;
  private long lo;

  PaymentAmount(AccountStore accounts) {
    this.accounts = accounts;
  }

  /** Settles the amount of event {@code i}; returns what is against it, or null. */
  @Nullable TransferStatus judge(Events events, int i, int flags, long now, int debit, int credit) {
    lo = events.half(i, TransferRecord.AMOUNT);
    hi = events.half(i, TransferRecord.AMOUNT + 8);
    if ((flags & (BALANCING_DEBIT | BALANCING_CREDIT)) != 0) {
      balance(flags, debit, credit);
    }
    return limits(events, i, flags, now, debit, credit);
  }

  long hi() {
    return hi;
  }

  long lo() {
    return lo;
  }

  /** Shrinks the amount to what balances the account or accounts asked for. */
  private void balance(int flags, int debit, int credit) {
    if ((flags & BALANCING_DEBIT) != 0) {
      shrink(
          debit,
          AccountRecord.CREDITS_POSTED,
          AccountRecord.DEBITS_POSTED,
          AccountRecord.DEBITS_PENDING);
    }
    if ((flags & BALANCING_CREDIT) != 0) {
      shrink(
          credit,
          AccountRecord.DEBITS_POSTED,
          AccountRecord.CREDITS_POSTED,
          AccountRecord.CREDITS_PENDING);
    }
  }

  /** Shrinks the amount to at most has - (used1 + used2), not below zero. */
  private void shrink(int account, int has, int used1, int used2) {
    MemorySegment record = RecordStore.MEMORY;
    long at = accounts.at(account);
    long hasLo = record.get(JAVA_LONG_UNALIGNED, at + has);
    long hasHi = record.get(JAVA_LONG_UNALIGNED, at + has + 8);
    long lo1 = record.get(JAVA_LONG_UNALIGNED, at + used1);
    long hi1 = record.get(JAVA_LONG_UNALIGNED, at + used1 + 8);
    long lo2 = record.get(JAVA_LONG_UNALIGNED, at + used2);
    long hi2 = record.get(JAVA_LONG_UNALIGNED, at + used2 + 8);
    long usedLo = lo1 + lo2; // posted + pending never overflow: that was refused
    long usedHi = Halves.sumHi(hi1, lo1, hi2, lo2);
    if (Halves.less(hasHi, hasLo, usedHi, usedLo)) {
      hi = 0;
      lo = 0;
      return;
    }
    long restLo = hasLo - usedLo;
    long restHi = Halves.differenceHi(hasHi, hasLo, usedHi, usedLo);
    if (Halves.less(restHi, restLo, hi, lo)) {
      hi = restHi;
      lo = restLo;
    }
  }

  private @Nullable TransferStatus limits(
      Events events, int i, int flags, long now, int debit, int credit) {
    MemorySegment dr = RecordStore.MEMORY;
    long drAt = accounts.at(debit);
    MemorySegment cr = RecordStore.MEMORY;
    long crAt = accounts.at(credit);
    if ((flags & PENDING) != 0) {
      if (overflows(dr, drAt + AccountRecord.DEBITS_PENDING)) {
        return TransferStatus.OVERFLOWS_DEBITS_PENDING;
      }
      if (overflows(cr, crAt + AccountRecord.CREDITS_PENDING)) {
        return TransferStatus.OVERFLOWS_CREDITS_PENDING;
      }
    }
    if (overflows(dr, drAt + AccountRecord.DEBITS_POSTED)) {
      return TransferStatus.OVERFLOWS_DEBITS_POSTED;
    }
    if (overflows(cr, crAt + AccountRecord.CREDITS_POSTED)) {
      return TransferStatus.OVERFLOWS_CREDITS_POSTED;
    }
    if (sumOverflows(dr, drAt + AccountRecord.DEBITS_PENDING, drAt + AccountRecord.DEBITS_POSTED)) {
      return TransferStatus.OVERFLOWS_DEBITS;
    }
    if (sumOverflows(
        cr, crAt + AccountRecord.CREDITS_PENDING, crAt + AccountRecord.CREDITS_POSTED)) {
      return TransferStatus.OVERFLOWS_CREDITS;
    }
    int timeout = events.segment().get(JAVA_INT_UNALIGNED, events.at(i) + TransferRecord.TIMEOUT);
    if (now + Integer.toUnsignedLong(timeout) * ExpiryQueue.NANOS_PER_SECOND < 0) {
      return TransferStatus.OVERFLOWS_TIMEOUT;
    }
    if ((accounts.flags(debit) & AccountFlags.DEBITS_MUST_NOT_EXCEED_CREDITS) != 0
        && exceeds(
            dr,
            drAt + AccountRecord.DEBITS_PENDING,
            drAt + AccountRecord.DEBITS_POSTED,
            drAt + AccountRecord.CREDITS_POSTED)) {
      return TransferStatus.EXCEEDS_CREDITS;
    }
    if ((accounts.flags(credit) & AccountFlags.CREDITS_MUST_NOT_EXCEED_DEBITS) != 0
        && exceeds(
            cr,
            crAt + AccountRecord.CREDITS_PENDING,
            crAt + AccountRecord.CREDITS_POSTED,
            crAt + AccountRecord.DEBITS_POSTED)) {
      return TransferStatus.EXCEEDS_DEBITS;
    }
    return null;
  }

  private boolean overflows(MemorySegment record, long field) {
    return Halves.sumOverflows(
        record.get(JAVA_LONG_UNALIGNED, field + 8), record.get(JAVA_LONG_UNALIGNED, field), hi, lo);
  }

  private boolean sumOverflows(MemorySegment record, long pending, long posted) {
    long lo1 = record.get(JAVA_LONG_UNALIGNED, pending);
    long hi1 = record.get(JAVA_LONG_UNALIGNED, pending + 8);
    long lo2 = record.get(JAVA_LONG_UNALIGNED, posted);
    long hi2 = record.get(JAVA_LONG_UNALIGNED, posted + 8);
    return Halves.sumOverflows(Halves.sumHi(hi1, lo1, hi2, lo2), lo1 + lo2, hi, lo);
  }

  /** Whether pending + posted + amount is more than the limit; none of these sums overflows. */
  private boolean exceeds(MemorySegment record, long pending, long posted, long limit) {
    long lo1 = record.get(JAVA_LONG_UNALIGNED, pending);
    long hi1 = record.get(JAVA_LONG_UNALIGNED, pending + 8);
    long lo2 = record.get(JAVA_LONG_UNALIGNED, posted);
    long hi2 = record.get(JAVA_LONG_UNALIGNED, posted + 8);
    long sumLo = lo1 + lo2;
    long sumHi = Halves.sumHi(hi1, lo1, hi2, lo2);
    return Halves.less(
        record.get(JAVA_LONG_UNALIGNED, limit + 8),
        record.get(JAVA_LONG_UNALIGNED, limit),
        Halves.sumHi(sumHi, sumLo, hi, lo),
        sumLo + lo);
  }
}
