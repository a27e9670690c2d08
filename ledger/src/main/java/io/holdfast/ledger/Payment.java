package io.holdfast.ledger;

<<<<<<< HEAD
=======
import static io.holdfast.ledger.TransferFlags.BALANCING_CREDIT;
import static io.holdfast.ledger.TransferFlags.BALANCING_DEBIT;
>>>>>>> rest
import static io.holdfast.ledger.TransferFlags.CLOSING_CREDIT;
import static io.holdfast.ledger.TransferFlags.CLOSING_DEBIT;
import static io.holdfast.ledger.TransferFlags.IMPORTED;
import static io.holdfast.ledger.TransferFlags.PENDING;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Judges and applies a transfer that moves or reserves an amount by itself. */
final class Payment {
  private final AccountStore accounts;
  private final TransferStore transfers;
  private final ExpiryQueue expiries;
  private final ImportedTimes importedTimes;
<<<<<<< HEAD
  private final PaymentAmount amount;
=======
  private long amountHi; // after balancing
  private long amountLo;
>>>>>>> rest

  Payment(
      AccountStore accounts,
      TransferStore transfers,
      ExpiryQueue expiries,
      ImportedTimes importedTimes) {
    this.accounts = accounts;
    this.transfers = transfers;
    this.expiries = expiries;
    this.importedTimes = importedTimes;
<<<<<<< HEAD
    this.amount = new PaymentAmount(accounts);
=======
>>>>>>> rest
  }

  /**
   * Judges event {@code i}, whose id is new, and applies it if nothing is against it.
   *
   * @param debit position of the debit account, or {@link AccountStore#NOT_FOUND}
   * @param credit position of the credit account, or {@link AccountStore#NOT_FOUND}
   */
  TransferStatus judge(
      Events events, int i, int flags, long now, long hash, int debit, int credit) {
    TransferStatus refusal = fields(events, i, flags);
    if (refusal == null) {
      refusal = accountsFound(events, i, debit, credit);
    }
    if (refusal == null && (flags & IMPORTED) != 0) {
      refusal = importedTime(events, i, debit, credit);
    }
    if (refusal != null) {
      return refusal;
    }
    if ((accounts.flags(debit) & AccountFlags.CLOSED) != 0) {
      return TransferStatus.DEBIT_ACCOUNT_ALREADY_CLOSED;
    }
    if ((accounts.flags(credit) & AccountFlags.CLOSED) != 0) {
      return TransferStatus.CREDIT_ACCOUNT_ALREADY_CLOSED;
    }
<<<<<<< HEAD
    refusal = amount.judge(events, i, flags, now, debit, credit);
=======
    amountLo = events.half(i, TransferRecord.AMOUNT);
    amountHi = events.half(i, TransferRecord.AMOUNT + 8);
    if ((flags & (BALANCING_DEBIT | BALANCING_CREDIT)) != 0) {
      balance(flags, debit, credit);
    }
    refusal = amount(events, i, flags, now, debit, credit);
>>>>>>> rest
    if (refusal != null) {
      return refusal;
    }
    apply(events, i, flags, now, hash, debit, credit);
    return TransferStatus.CREATED;
  }

  private static @Nullable TransferStatus fields(Events events, int i, int flags) {
    MemorySegment event = events.segment();
    long at = events.at(i);
    long debitLo = event.get(JAVA_LONG_UNALIGNED, at + TransferRecord.DEBIT_ACCOUNT_ID);
    long debitHi = event.get(JAVA_LONG_UNALIGNED, at + TransferRecord.DEBIT_ACCOUNT_ID + 8);
    long creditLo = event.get(JAVA_LONG_UNALIGNED, at + TransferRecord.CREDIT_ACCOUNT_ID);
    long creditHi = event.get(JAVA_LONG_UNALIGNED, at + TransferRecord.CREDIT_ACCOUNT_ID + 8);
    if (Halves.isZero(debitHi, debitLo)) {
      return TransferStatus.DEBIT_ACCOUNT_ID_MUST_NOT_BE_ZERO;
    }
    if (Halves.isMax(debitHi, debitLo)) {
      return TransferStatus.DEBIT_ACCOUNT_ID_MUST_NOT_BE_INT_MAX;
    }
    if (Halves.isZero(creditHi, creditLo)) {
      return TransferStatus.CREDIT_ACCOUNT_ID_MUST_NOT_BE_ZERO;
    }
    if (Halves.isMax(creditHi, creditLo)) {
      return TransferStatus.CREDIT_ACCOUNT_ID_MUST_NOT_BE_INT_MAX;
    }
    if (debitLo == creditLo && debitHi == creditHi) {
      return TransferStatus.ACCOUNTS_MUST_BE_DIFFERENT;
    }
    if (!Halves.isZero(
        event.get(JAVA_LONG_UNALIGNED, at + TransferRecord.PENDING_ID + 8),
        event.get(JAVA_LONG_UNALIGNED, at + TransferRecord.PENDING_ID))) {
      return TransferStatus.PENDING_ID_MUST_BE_ZERO;
    }
    if ((flags & PENDING) == 0) {
      if (event.get(JAVA_INT_UNALIGNED, at + TransferRecord.TIMEOUT) != 0) {
        return TransferStatus.TIMEOUT_RESERVED_FOR_PENDING_TRANSFER;
      }
      if ((flags & (CLOSING_DEBIT | CLOSING_CREDIT)) != 0) {
        return TransferStatus.CLOSING_TRANSFER_MUST_BE_PENDING;
      }
    }
    if (event.get(JAVA_INT_UNALIGNED, at + TransferRecord.LEDGER) == 0) {
      return TransferStatus.LEDGER_MUST_NOT_BE_ZERO;
    }
    return event.get(JAVA_SHORT_UNALIGNED, at + TransferRecord.CODE) == 0
        ? TransferStatus.CODE_MUST_NOT_BE_ZERO
        : null;
  }

  private @Nullable TransferStatus accountsFound(Events events, int i, int debit, int credit) {
    if (debit == AccountStore.NOT_FOUND) {
      return TransferStatus.DEBIT_ACCOUNT_NOT_FOUND;
    }
    if (credit == AccountStore.NOT_FOUND) {
      return TransferStatus.CREDIT_ACCOUNT_NOT_FOUND;
    }
    int ledger = accounts.ledger(debit);
    if (ledger != accounts.ledger(credit)) {
      return TransferStatus.ACCOUNTS_MUST_HAVE_THE_SAME_LEDGER;
    }
    return ledger != events.segment().get(JAVA_INT_UNALIGNED, events.at(i) + TransferRecord.LEDGER)
        ? TransferStatus.TRANSFER_MUST_HAVE_THE_SAME_LEDGER_AS_ACCOUNTS
        : null;
  }

  private @Nullable TransferStatus importedTime(Events events, int i, int debit, int credit) {
    long given = events.half(i, TransferRecord.TIMESTAMP);
    if (importedTimes.transferRegresses(given)) {
      return TransferStatus.IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS;
    }
    if (given <= accounts.timestamp(debit)) {
      return TransferStatus.IMPORTED_EVENT_TIMESTAMP_MUST_POSTDATE_DEBIT_ACCOUNT;
    }
    if (given <= accounts.timestamp(credit)) {
      return TransferStatus.IMPORTED_EVENT_TIMESTAMP_MUST_POSTDATE_CREDIT_ACCOUNT;
    }
    return events.segment().get(JAVA_INT_UNALIGNED, events.at(i) + TransferRecord.TIMEOUT) != 0
        ? TransferStatus.IMPORTED_EVENT_TIMEOUT_MUST_BE_ZERO
        : null;
  }

<<<<<<< HEAD
=======
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
    MemorySegment record = accounts.chunk(account);
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
      amountHi = 0;
      amountLo = 0;
      return;
    }
    long restLo = hasLo - usedLo;
    long restHi = Halves.differenceHi(hasHi, hasLo, usedHi, usedLo);
    if (Halves.less(restHi, restLo, amountHi, amountLo)) {
      amountHi = restHi;
      amountLo = restLo;
    }
  }

  private @Nullable TransferStatus amount(
      Events events, int i, int flags, long now, int debit, int credit) {
    MemorySegment dr = accounts.chunk(debit);
    long drAt = accounts.at(debit);
    MemorySegment cr = accounts.chunk(credit);
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
        record.get(JAVA_LONG_UNALIGNED, field + 8),
        record.get(JAVA_LONG_UNALIGNED, field),
        amountHi,
        amountLo);
  }

  private boolean sumOverflows(MemorySegment record, long pending, long posted) {
    long lo1 = record.get(JAVA_LONG_UNALIGNED, pending);
    long hi1 = record.get(JAVA_LONG_UNALIGNED, pending + 8);
    long lo2 = record.get(JAVA_LONG_UNALIGNED, posted);
    long hi2 = record.get(JAVA_LONG_UNALIGNED, posted + 8);
    return Halves.sumOverflows(Halves.sumHi(hi1, lo1, hi2, lo2), lo1 + lo2, amountHi, amountLo);
  }

  /** Whether pending + posted + amount is more than the limit; none of these sums overflows. */
  private boolean exceeds(MemorySegment record, long pending, long posted, long limit) {
    long lo1 = record.get(JAVA_LONG_UNALIGNED, pending);
    long hi1 = record.get(JAVA_LONG_UNALIGNED, pending + 8);
    long lo2 = record.get(JAVA_LONG_UNALIGNED, posted);
    long hi2 = record.get(JAVA_LONG_UNALIGNED, posted + 8);
    long lo = lo1 + lo2;
    long hi = Halves.sumHi(hi1, lo1, hi2, lo2);
    return Halves.less(
        record.get(JAVA_LONG_UNALIGNED, limit + 8),
        record.get(JAVA_LONG_UNALIGNED, limit),
        Halves.sumHi(hi, lo, amountHi, amountLo),
        lo + amountLo);
  }

>>>>>>> rest
  private void apply(Events events, int i, int flags, long now, long hash, int debit, int credit) {
    boolean pending = (flags & PENDING) != 0;
    long timestamp = (flags & IMPORTED) != 0 ? events.half(i, TransferRecord.TIMESTAMP) : now;
    long position =
        transfers.append(
            events.segment(),
            events.at(i),
            timestamp,
            pending ? TransferStore.STATE_PENDING : TransferStore.STATE_PLAIN);
    MemorySegment record = transfers.chunk(position);
    long at = transfers.at(position);
<<<<<<< HEAD
    record.set(JAVA_LONG_UNALIGNED, at + TransferRecord.AMOUNT, amount.lo());
    record.set(JAVA_LONG_UNALIGNED, at + TransferRecord.AMOUNT + 8, amount.hi());
=======
    record.set(JAVA_LONG_UNALIGNED, at + TransferRecord.AMOUNT, amountLo);
    record.set(JAVA_LONG_UNALIGNED, at + TransferRecord.AMOUNT + 8, amountHi);
>>>>>>> rest

    accounts.touch(debit);
    accounts.touch(credit);
    int debits = pending ? AccountRecord.DEBITS_PENDING : AccountRecord.DEBITS_POSTED;
    int credits = pending ? AccountRecord.CREDITS_PENDING : AccountRecord.CREDITS_POSTED;
<<<<<<< HEAD
    accounts.add(debit, debits, amount.hi(), amount.lo());
    accounts.add(credit, credits, amount.hi(), amount.lo());
=======
    accounts.add(debit, debits, amountHi, amountLo);
    accounts.add(credit, credits, amountHi, amountLo);
>>>>>>> rest
    if ((flags & CLOSING_DEBIT) != 0) {
      accounts.setClosed(debit, true);
    }
    if ((flags & CLOSING_CREDIT) != 0) {
      accounts.setClosed(credit, true);
    }
    int movement = (int) (position + 1);
    transfers.link(
        position,
        accounts.replaceLastMovement(debit, movement),
        accounts.replaceLastMovement(credit, movement));
    transfers.publish(hash, position);
    int detailsLength = events.detailsLength(i);
    if (detailsLength > 0) {
      transfers.details().append(position, events.segment(), events.detailsAt(i), detailsLength);
    }
    if (pending && record.get(JAVA_INT_UNALIGNED, at + TransferRecord.TIMEOUT) != 0) {
      expiries.add(position);
    }
  }
}
