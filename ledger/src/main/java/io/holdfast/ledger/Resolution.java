package io.holdfast.ledger;

import static io.holdfast.ledger.TransferFlags.CLOSING_CREDIT;
import static io.holdfast.ledger.TransferFlags.CLOSING_DEBIT;
import static io.holdfast.ledger.TransferFlags.IMPORTED;
import static io.holdfast.ledger.TransferFlags.POST_PENDING_TRANSFER;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Judges and applies a transfer that posts or voids a pending one. A pending transfer goes from
 * pending to posted, voided or expired once, and never on from there. What is stored names
 * accounts, ledger, code and amount as they came out, and the pending transfer's user data where
 * the event has none.
 */
final class Resolution {
  private final AccountStore accounts;
  private final TransferStore transfers;
  private final ExpiryQueue expiries;
  private final ImportedTimes importedTimes;
  private long amountHi; // what is posted, or voided
  private long amountLo;

  Resolution(
      AccountStore accounts,
      TransferStore transfers,
      ExpiryQueue expiries,
      ImportedTimes importedTimes) {
    this.accounts = accounts;
    this.transfers = transfers;
    this.expiries = expiries;
    this.importedTimes = importedTimes;
  }

  /** Judges event {@code i}, whose id is new, and applies it if nothing is against it. */
  TransferStatus judge(Events events, int i, int flags, long now, long hash) {
    long pendingLo = events.half(i, TransferRecord.PENDING_ID);
    long pendingHi = events.half(i, TransferRecord.PENDING_ID + 8);
    TransferStatus refusal = fields(events, i, pendingHi, pendingLo);
    if (refusal != null) {
      return refusal;
    }
    long pending = transfers.findTransfer(pendingHi, pendingLo);
    if (pending == TransferStore.NOT_FOUND) {
      return TransferStatus.PENDING_TRANSFER_NOT_FOUND;
    }
    if ((transfers.flags(pending) & TransferFlags.PENDING) == 0) {
      return TransferStatus.PENDING_TRANSFER_NOT_PENDING;
    }
    refusal = agreement(events, i, pending);
    if (refusal == null) {
      refusal = amount(events, i, flags, pending);
    }
    if (refusal == null) {
      refusal = stillPending(pending, now);
    }
    if (refusal != null) {
      return refusal;
    }
    if ((flags & IMPORTED) != 0
        && importedTimes.transferRegresses(events.half(i, TransferRecord.TIMESTAMP))) {
      return TransferStatus.IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS;
    }
    int debit = debitOf(pending);
    int credit = creditOf(pending);
    if ((flags & POST_PENDING_TRANSFER) != 0) {
      if ((accounts.flags(debit) & AccountFlags.CLOSED) != 0) {
        return TransferStatus.DEBIT_ACCOUNT_ALREADY_CLOSED;
      }
      if ((accounts.flags(credit) & AccountFlags.CLOSED) != 0) {
        return TransferStatus.CREDIT_ACCOUNT_ALREADY_CLOSED;
      }
    }
    apply(events, i, flags, now, hash, pending, debit, credit);
    return TransferStatus.CREATED;
  }

  /** Releases the reservation of a pending transfer whose time is over. */
  void expire(long pending, long timestamp) {
    long position =
        transfers.append(
            RecordStore.MEMORY, transfers.at(pending), timestamp, TransferStore.STATE_PLAIN);
    MemorySegment record = RecordStore.MEMORY;
    long at = transfers.at(position);
    copy128(record, at + TransferRecord.ID, record, at + TransferRecord.PENDING_ID);
    record.set(
        JAVA_SHORT_UNALIGNED,
        at + TransferRecord.FLAGS,
        (short) (transfers.flags(pending) | TransferStore.EXPIRY));
    transfers.countExpiry();
    release(pending, position, debitOf(pending), creditOf(pending), TransferStore.STATE_EXPIRED);
  }

  private static @Nullable TransferStatus fields(
      Events events, int i, long pendingHi, long pendingLo) {
    if (Halves.isZero(pendingHi, pendingLo)) {
      return TransferStatus.PENDING_ID_MUST_NOT_BE_ZERO;
    }
    if (Halves.isMax(pendingHi, pendingLo)) {
      return TransferStatus.PENDING_ID_MUST_NOT_BE_INT_MAX;
    }
    if (pendingLo == events.half(i, TransferRecord.ID)
        && pendingHi == events.half(i, TransferRecord.ID + 8)) {
      return TransferStatus.PENDING_ID_MUST_BE_DIFFERENT;
    }
    return events.segment().get(JAVA_INT_UNALIGNED, events.at(i) + TransferRecord.TIMEOUT) != 0
        ? TransferStatus.TIMEOUT_RESERVED_FOR_PENDING_TRANSFER
        : null;
  }

  /** What the event says about the pending transfer must be so; what it leaves zero is not said. */
  private @Nullable TransferStatus agreement(Events events, int i, long pending) {
    MemorySegment event = events.segment();
    long at = events.at(i);
    MemorySegment original = RecordStore.MEMORY;
    long originalAt = transfers.at(pending);
    if (contradicts(event, at, original, originalAt, TransferRecord.DEBIT_ACCOUNT_ID)) {
      return TransferStatus.PENDING_TRANSFER_HAS_DIFFERENT_DEBIT_ACCOUNT_ID;
    }
    if (contradicts(event, at, original, originalAt, TransferRecord.CREDIT_ACCOUNT_ID)) {
      return TransferStatus.PENDING_TRANSFER_HAS_DIFFERENT_CREDIT_ACCOUNT_ID;
    }
    int ledger = event.get(JAVA_INT_UNALIGNED, at + TransferRecord.LEDGER);
    if (ledger != 0
        && ledger != original.get(JAVA_INT_UNALIGNED, originalAt + TransferRecord.LEDGER)) {
      return TransferStatus.PENDING_TRANSFER_HAS_DIFFERENT_LEDGER;
    }
    short code = event.get(JAVA_SHORT_UNALIGNED, at + TransferRecord.CODE);
    return code != 0 && code != original.get(JAVA_SHORT_UNALIGNED, originalAt + TransferRecord.CODE)
        ? TransferStatus.PENDING_TRANSFER_HAS_DIFFERENT_CODE
        : null;
  }

  private @Nullable TransferStatus amount(Events events, int i, int flags, long pending) {
    boolean posts = (flags & POST_PENDING_TRANSFER) != 0;
    long pendingLo = half(pending, TransferRecord.AMOUNT);
    long pendingHi = half(pending, TransferRecord.AMOUNT + 8);
    amountLo = events.half(i, TransferRecord.AMOUNT);
    amountHi = events.half(i, TransferRecord.AMOUNT + 8);
    if (posts ? Halves.isMax(amountHi, amountLo) : Halves.isZero(amountHi, amountLo)) {
      amountLo = pendingLo;
      amountHi = pendingHi;
    }
    if (Halves.less(pendingHi, pendingLo, amountHi, amountLo)) {
      return TransferStatus.EXCEEDS_PENDING_TRANSFER_AMOUNT;
    }
    return !posts && (amountLo != pendingLo || amountHi != pendingHi)
        ? TransferStatus.PENDING_TRANSFER_HAS_DIFFERENT_AMOUNT
        : null;
  }

  /**
   * Expiry is judged by ledger time, so that the answer is the same whether or not the pulse that
   * releases the reservation has been through.
   */
  private @Nullable TransferStatus stillPending(long pending, long now) {
    return switch (transfers.state(pending)) {
      case TransferStore.STATE_POSTED -> TransferStatus.PENDING_TRANSFER_ALREADY_POSTED;
      case TransferStore.STATE_VOIDED -> TransferStatus.PENDING_TRANSFER_ALREADY_VOIDED;
      case TransferStore.STATE_EXPIRED -> TransferStatus.PENDING_TRANSFER_EXPIRED;
      default -> transfers.expiry(pending) <= now ? TransferStatus.PENDING_TRANSFER_EXPIRED : null;
    };
  }

  private void apply(
      Events events, int i, int flags, long now, long hash, long pending, int debit, int credit) {
    long timestamp = (flags & IMPORTED) != 0 ? events.half(i, TransferRecord.TIMESTAMP) : now;
    long position =
        transfers.append(events.segment(), events.at(i), timestamp, TransferStore.STATE_PLAIN);
    MemorySegment record = RecordStore.MEMORY;
    long at = transfers.at(position);
    MemorySegment original = RecordStore.MEMORY;
    long originalAt = transfers.at(pending);
    copy128(
        original,
        originalAt + TransferRecord.DEBIT_ACCOUNT_ID,
        record,
        at + TransferRecord.DEBIT_ACCOUNT_ID);
    copy128(
        original,
        originalAt + TransferRecord.CREDIT_ACCOUNT_ID,
        record,
        at + TransferRecord.CREDIT_ACCOUNT_ID);
    record.set(JAVA_LONG_UNALIGNED, at + TransferRecord.AMOUNT, amountLo);
    record.set(JAVA_LONG_UNALIGNED, at + TransferRecord.AMOUNT + 8, amountHi);
    inheritUserData(original, originalAt, record, at);
    record.set(
        JAVA_INT_UNALIGNED,
        at + TransferRecord.LEDGER,
        original.get(JAVA_INT_UNALIGNED, originalAt + TransferRecord.LEDGER));
    record.set(
        JAVA_SHORT_UNALIGNED,
        at + TransferRecord.CODE,
        original.get(JAVA_SHORT_UNALIGNED, originalAt + TransferRecord.CODE));

    boolean posts = (flags & POST_PENDING_TRANSFER) != 0;
    release(
        pending,
        position,
        debit,
        credit,
        posts ? TransferStore.STATE_POSTED : TransferStore.STATE_VOIDED);
    if (posts) {
      accounts.add(debit, AccountRecord.DEBITS_POSTED, amountHi, amountLo);
      accounts.add(credit, AccountRecord.CREDITS_POSTED, amountHi, amountLo);
    }
    transfers.publish(hash, position);
    int detailsLength = events.detailsLength(i);
    if (detailsLength > 0) {
      transfers.details().append(position, events.segment(), events.detailsAt(i), detailsLength);
    }
  }

  /** Ends the pending transfer, releases what it reserved and reopens what it closed. */
  private void release(long pending, long by, int debit, int credit, int state) {
    accounts.touch(debit);
    accounts.touch(credit);
    long hi = half(pending, TransferRecord.AMOUNT + 8);
    long lo = half(pending, TransferRecord.AMOUNT);
    accounts.subtract(debit, AccountRecord.DEBITS_PENDING, hi, lo);
    accounts.subtract(credit, AccountRecord.CREDITS_PENDING, hi, lo);
    int flags = transfers.flags(pending);
    if (state != TransferStore.STATE_POSTED) {
      if ((flags & CLOSING_DEBIT) != 0) {
        accounts.setClosed(debit, false);
      }
      if ((flags & CLOSING_CREDIT) != 0) {
        accounts.setClosed(credit, false);
      }
    }
    transfers.resolve(pending, by, state);
    int movement = (int) (by + 1);
    transfers.link(
        by,
        accounts.replaceLastMovement(debit, movement),
        accounts.replaceLastMovement(credit, movement));
    expiries.countResolved();
  }

  private static void inheritUserData(
      MemorySegment original, long originalAt, MemorySegment record, long at) {
    if (Halves.isZero(
        record.get(JAVA_LONG_UNALIGNED, at + TransferRecord.USER_DATA_128 + 8),
        record.get(JAVA_LONG_UNALIGNED, at + TransferRecord.USER_DATA_128))) {
      copy128(
          original,
          originalAt + TransferRecord.USER_DATA_128,
          record,
          at + TransferRecord.USER_DATA_128);
    }
    if (record.get(JAVA_LONG_UNALIGNED, at + TransferRecord.USER_DATA_64) == 0) {
      record.set(
          JAVA_LONG_UNALIGNED,
          at + TransferRecord.USER_DATA_64,
          original.get(JAVA_LONG_UNALIGNED, originalAt + TransferRecord.USER_DATA_64));
    }
    if (record.get(JAVA_INT_UNALIGNED, at + TransferRecord.USER_DATA_32) == 0) {
      record.set(
          JAVA_INT_UNALIGNED,
          at + TransferRecord.USER_DATA_32,
          original.get(JAVA_INT_UNALIGNED, originalAt + TransferRecord.USER_DATA_32));
    }
  }

  private static boolean contradicts(
      MemorySegment event, long at, MemorySegment original, long originalAt, int field) {
    long lo = event.get(JAVA_LONG_UNALIGNED, at + field);
    long hi = event.get(JAVA_LONG_UNALIGNED, at + field + 8);
    return !Halves.isZero(hi, lo)
        && (lo != original.get(JAVA_LONG_UNALIGNED, originalAt + field)
            || hi != original.get(JAVA_LONG_UNALIGNED, originalAt + field + 8));
  }

  private static void copy128(MemorySegment from, long fromAt, MemorySegment to, long toAt) {
    to.set(JAVA_LONG_UNALIGNED, toAt, from.get(JAVA_LONG_UNALIGNED, fromAt));
    to.set(JAVA_LONG_UNALIGNED, toAt + 8, from.get(JAVA_LONG_UNALIGNED, fromAt + 8));
  }

  private int debitOf(long transfer) {
    return accounts.find(
        half(transfer, TransferRecord.DEBIT_ACCOUNT_ID + 8),
        half(transfer, TransferRecord.DEBIT_ACCOUNT_ID));
  }

  private int creditOf(long transfer) {
    return accounts.find(
        half(transfer, TransferRecord.CREDIT_ACCOUNT_ID + 8),
        half(transfer, TransferRecord.CREDIT_ACCOUNT_ID));
  }

  private long half(long transfer, int field) {
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, transfers.at(transfer) + field);
  }
}
