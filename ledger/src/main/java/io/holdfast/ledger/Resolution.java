package io.holdfast.ledger;

import static io.holdfast.ledger.TransferFlags.CLOSING_CREDIT;
import static io.holdfast.ledger.TransferFlags.CLOSING_DEBIT;
import static io.holdfast.ledger.TransferFlags.IMPORTED;
import static io.holdfast.ledger.TransferFlags.POST_PENDING_TRANSFER;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.holdfast.kernel.Invariants;
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
  private final Reservations reservations;
  private final ExpiryQueue expiries;
  private final ImportedTimes importedTimes;
  private long amountHi; // what is posted, or voided
  private long amountLo;

  Resolution(
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
  }

  /** Judges event {@code i}, whose id is new, and applies it if nothing is against it. */
  TransferStatus judge(Events events, int i, int flags, long now, long hash) {
    long pendingLo = events.half(i, TransferRecord.PENDING_ID);
    long pendingHi = events.half(i, TransferRecord.PENDING_ID + 8);
    TransferStatus refusal = fields(events, i, pendingHi, pendingLo);
    if (refusal != null) {
      return refusal;
    }
    int slot = reservations.find(pendingHi, pendingLo);
    long original;
    if (slot == Reservations.NOT_FOUND) {
      long pending = transfers.findTransfer(pendingHi, pendingLo);
      if (pending == TransferStore.NOT_FOUND) {
        return TransferStatus.PENDING_TRANSFER_NOT_FOUND;
      }
      if ((transfers.flags(pending) & TransferFlags.PENDING) == 0) {
        return TransferStatus.PENDING_TRANSFER_NOT_PENDING;
      }
      original = transfers.at(pending);
    } else {
      original = reservations.at(slot);
    }
    refusal = agreement(events, i, original);
    if (refusal == null) {
      refusal = amount(events, i, flags, original);
    }
    if (refusal == null && slot == Reservations.NOT_FOUND) {
      refusal = resolved(transfers.resolution(pendingHi, pendingLo));
    }
    if (refusal == null && ExpiryQueue.expiry(original) <= now) {
      refusal = TransferStatus.PENDING_TRANSFER_EXPIRED;
    }
    if (refusal != null) {
      return refusal;
    }
    if ((flags & IMPORTED) != 0
        && importedTimes.transferRegresses(events.half(i, TransferRecord.TIMESTAMP))) {
      return TransferStatus.IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS;
    }
    int debit = reservations.debit(slot);
    int credit = reservations.credit(slot);
    if ((flags & POST_PENDING_TRANSFER) != 0) {
      if ((accounts.flags(debit) & AccountFlags.CLOSED) != 0) {
        return TransferStatus.DEBIT_ACCOUNT_ALREADY_CLOSED;
      }
      if ((accounts.flags(credit) & AccountFlags.CLOSED) != 0) {
        return TransferStatus.CREDIT_ACCOUNT_ALREADY_CLOSED;
      }
    }
    apply(events, i, flags, now, hash, slot);
    return TransferStatus.CREATED;
  }

  /** Releases the reservation in a slot, whose time is over. */
  void expire(int slot, long timestamp) {
    long movement =
        transfers.append(RecordStore.MEMORY, reservations.at(slot), timestamp, timestamp);
    MemorySegment record = RecordStore.MEMORY;
    long at = transfers.at(movement);
    copy128(record, at + TransferRecord.ID, record, at + TransferRecord.PENDING_ID);
    record.set(
        JAVA_SHORT_UNALIGNED,
        at + TransferRecord.FLAGS,
        (short) (transfers.flags(movement) | TransferStore.EXPIRY));
    release(slot, movement, MovementKind.EXPIRE);
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
  private static @Nullable TransferStatus agreement(Events events, int i, long originalAt) {
    MemorySegment event = events.segment();
    long at = events.at(i);
    MemorySegment original = RecordStore.MEMORY;
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

  private @Nullable TransferStatus amount(Events events, int i, int flags, long original) {
    boolean posts = (flags & POST_PENDING_TRANSFER) != 0;
    long pendingLo = half(original, TransferRecord.AMOUNT);
    long pendingHi = half(original, TransferRecord.AMOUNT + 8);
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

  private static TransferStatus resolved(MovementKind by) {
    return switch (by) {
      case POST -> TransferStatus.PENDING_TRANSFER_ALREADY_POSTED;
      case VOID -> TransferStatus.PENDING_TRANSFER_ALREADY_VOIDED;
      case EXPIRE -> TransferStatus.PENDING_TRANSFER_EXPIRED;
      case PAYMENT, RESERVE -> throw Invariants.broken("a payment resolves nothing");
    };
  }

  private void apply(Events events, int i, int flags, long now, long hash, int slot) {
    long timestamp = (flags & IMPORTED) != 0 ? events.half(i, TransferRecord.TIMESTAMP) : now;
    long movement = transfers.append(events.segment(), events.at(i), timestamp, now);
    MemorySegment record = RecordStore.MEMORY;
    long at = transfers.at(movement);
    MemorySegment original = RecordStore.MEMORY;
    long originalAt = reservations.at(slot);
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
    int debit = reservations.debit(slot);
    int credit = reservations.credit(slot);
    release(slot, movement, posts ? MovementKind.POST : MovementKind.VOID);
    if (posts) {
      accounts.add(debit, AccountRecord.DEBITS_POSTED, amountHi, amountLo);
      accounts.add(credit, AccountRecord.CREDITS_POSTED, amountHi, amountLo);
    }
    transfers.publish(hash, movement);
    transfers.addDetails(movement, events, i);
  }

  /** Ends the reservation, gives back what it held and reopens what it closed. */
  private void release(int slot, long movement, MovementKind kind) {
    int debit = reservations.debit(slot);
    int credit = reservations.credit(slot);
    long original = reservations.at(slot);
    accounts.touch(debit);
    accounts.touch(credit);
    long hi = half(original, TransferRecord.AMOUNT + 8);
    long lo = half(original, TransferRecord.AMOUNT);
    accounts.subtract(debit, AccountRecord.DEBITS_PENDING, hi, lo);
    accounts.subtract(credit, AccountRecord.CREDITS_PENDING, hi, lo);
    int flags =
        Short.toUnsignedInt(
            RecordStore.MEMORY.get(JAVA_SHORT_UNALIGNED, original + TransferRecord.FLAGS));
    if (kind != MovementKind.POST) {
      if ((flags & CLOSING_DEBIT) != 0) {
        accounts.setClosed(debit, false);
      }
      if ((flags & CLOSING_CREDIT) != 0) {
        accounts.setClosed(credit, false);
      }
    }
    transfers.resolve(movement, kind, hi, lo);
    transfers.keepIfOld(original);
    transfers.link(
        movement,
        debit,
        accounts.replaceLastMovement(debit, movement + 1),
        credit,
        accounts.replaceLastMovement(credit, movement + 1));
    reservations.remove(slot);
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

  private static long half(long record, int field) {
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, record + field);
  }
}
