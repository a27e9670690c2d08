package io.holdfast.ledger;

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
  private final Reservations reservations;
  private final ExpiryQueue expiries;
  private final ImportedTimes importedTimes;
  private final PaymentAmount amount;

  Payment(
      AccountStore accounts,
      TransferStore transfers,
      Reservations reservations,
      ExpiryQueue expiries,
      ImportedTimes importedTimes) {
    this.accounts = accounts;
    this.transfers = transfers;
    this.reservations = reservations;
    this.expiries = expiries;
    this.importedTimes = importedTimes;
    this.amount = new PaymentAmount(accounts);
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
    refusal = amount.judge(events, i, flags, now, debit, credit);
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

  private void apply(Events events, int i, int flags, long now, long hash, int debit, int credit) {
    boolean pending = (flags & PENDING) != 0;
    long timestamp = (flags & IMPORTED) != 0 ? events.half(i, TransferRecord.TIMESTAMP) : now;
    long movement = transfers.append(events.segment(), events.at(i), timestamp, now);
    MemorySegment record = RecordStore.MEMORY;
    long at = transfers.at(movement);
    record.set(JAVA_LONG_UNALIGNED, at + TransferRecord.AMOUNT, amount.lo());
    record.set(JAVA_LONG_UNALIGNED, at + TransferRecord.AMOUNT + 8, amount.hi());

    accounts.touch(debit);
    accounts.touch(credit);
    int debits = pending ? AccountRecord.DEBITS_PENDING : AccountRecord.DEBITS_POSTED;
    int credits = pending ? AccountRecord.CREDITS_PENDING : AccountRecord.CREDITS_POSTED;
    accounts.add(debit, debits, amount.hi(), amount.lo());
    accounts.add(credit, credits, amount.hi(), amount.lo());
    if ((flags & CLOSING_DEBIT) != 0) {
      accounts.setClosed(debit, true);
    }
    if ((flags & CLOSING_CREDIT) != 0) {
      accounts.setClosed(credit, true);
    }
    transfers.link(
        movement,
        debit,
        accounts.replaceLastMovement(debit, movement + 1),
        credit,
        accounts.replaceLastMovement(credit, movement + 1));
    transfers.publish(hash, movement);
    transfers.addDetails(movement, events, i);
    if (pending) {
      expiries.add(reservations.add(at, debit, credit));
    }
  }
}
