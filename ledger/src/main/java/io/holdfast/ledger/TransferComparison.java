package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.holdfast.kernel.Invariants;
import java.lang.foreign.MemorySegment;

/**
 * Compares a transfer that is sent again with the one that exists under its id. What a post or void
 * may leave out compares as what it stands for, and a balancing transfer may ask for more than it
 * got.
 */
final class TransferComparison {
  private static final int RESOLVING =
      TransferFlags.POST_PENDING_TRANSFER | TransferFlags.VOID_PENDING_TRANSFER;
  private static final int BALANCING =
      TransferFlags.BALANCING_DEBIT | TransferFlags.BALANCING_CREDIT;

  private final TransferStore transfers;

  TransferComparison(TransferStore transfers) {
    this.transfers = transfers;
  }

  /** {@code exists}, or the status that names the first difference. */
  TransferStatus compare(Events events, int i, int flags, long found) {
    MemorySegment given = events.segment();
    long givenAt = events.at(i);
    MemorySegment stored = RecordStore.MEMORY;
    long storedAt = transfers.at(found);
    if (flags != transfers.flags(found)) {
      return TransferStatus.EXISTS_WITH_DIFFERENT_FLAGS;
    }
    if (!equal128(given, givenAt, stored, storedAt, TransferRecord.PENDING_ID)) {
      return TransferStatus.EXISTS_WITH_DIFFERENT_PENDING_ID;
    }
    if (!equal32(given, givenAt, stored, storedAt, TransferRecord.TIMEOUT)) {
      return TransferStatus.EXISTS_WITH_DIFFERENT_TIMEOUT;
    }
    TransferStatus status =
        (flags & RESOLVING) != 0
            ? compareResolution(given, givenAt, flags, found)
            : comparePayment(given, givenAt, flags, stored, storedAt);
    if (status != TransferStatus.EXISTS) {
      return status;
    }
    return transfers.mayHaveDetails(
            found, given, events.detailsAt(i), events.detailsLength(i), events.sealed())
        ? TransferStatus.EXISTS
        : TransferStatus.EXISTS_WITH_DIFFERENT_DETAILS;
  }

  private static TransferStatus comparePayment(
      MemorySegment given, long givenAt, int flags, MemorySegment stored, long storedAt) {
    if (!equal128(given, givenAt, stored, storedAt, TransferRecord.DEBIT_ACCOUNT_ID)) {
      return TransferStatus.EXISTS_WITH_DIFFERENT_DEBIT_ACCOUNT_ID;
    }
    if (!equal128(given, givenAt, stored, storedAt, TransferRecord.CREDIT_ACCOUNT_ID)) {
      return TransferStatus.EXISTS_WITH_DIFFERENT_CREDIT_ACCOUNT_ID;
    }
    boolean sameAmount =
        (flags & BALANCING) != 0
            ? !less128(given, givenAt, stored, storedAt, TransferRecord.AMOUNT)
            : equal128(given, givenAt, stored, storedAt, TransferRecord.AMOUNT);
    if (!sameAmount) {
      return TransferStatus.EXISTS_WITH_DIFFERENT_AMOUNT;
    }
    if (!equal128(given, givenAt, stored, storedAt, TransferRecord.USER_DATA_128)) {
      return TransferStatus.EXISTS_WITH_DIFFERENT_USER_DATA_128;
    }
    if (!equal64(given, givenAt, stored, storedAt, TransferRecord.USER_DATA_64)) {
      return TransferStatus.EXISTS_WITH_DIFFERENT_USER_DATA_64;
    }
    if (!equal32(given, givenAt, stored, storedAt, TransferRecord.USER_DATA_32)) {
      return TransferStatus.EXISTS_WITH_DIFFERENT_USER_DATA_32;
    }
    if (!equal32(given, givenAt, stored, storedAt, TransferRecord.LEDGER)) {
      return TransferStatus.EXISTS_WITH_DIFFERENT_LEDGER;
    }
    return equal16(given, givenAt, stored, storedAt, TransferRecord.CODE)
        ? TransferStatus.EXISTS
        : TransferStatus.EXISTS_WITH_DIFFERENT_CODE;
  }

  private TransferStatus compareResolution(
      MemorySegment given, long givenAt, int flags, long found) {
    MemorySegment stored = RecordStore.MEMORY;
    long storedAt = transfers.at(found);
    MemorySegment original = RecordStore.MEMORY;
    long originalAt = transfers.at(pending(given, givenAt));
    if (!zero128(given, givenAt + TransferRecord.DEBIT_ACCOUNT_ID)
        && !equal128(given, givenAt, stored, storedAt, TransferRecord.DEBIT_ACCOUNT_ID)) {
      return TransferStatus.EXISTS_WITH_DIFFERENT_DEBIT_ACCOUNT_ID;
    }
    if (!zero128(given, givenAt + TransferRecord.CREDIT_ACCOUNT_ID)
        && !equal128(given, givenAt, stored, storedAt, TransferRecord.CREDIT_ACCOUNT_ID)) {
      return TransferStatus.EXISTS_WITH_DIFFERENT_CREDIT_ACCOUNT_ID;
    }
    boolean all =
        (flags & TransferFlags.POST_PENDING_TRANSFER) != 0
            ? max128(given, givenAt + TransferRecord.AMOUNT)
            : zero128(given, givenAt + TransferRecord.AMOUNT);
    boolean sameAmount =
        all
            ? equal128(original, originalAt, stored, storedAt, TransferRecord.AMOUNT)
            : equal128(given, givenAt, stored, storedAt, TransferRecord.AMOUNT);
    if (!sameAmount) {
      return TransferStatus.EXISTS_WITH_DIFFERENT_AMOUNT;
    }
    boolean omitted = zero128(given, givenAt + TransferRecord.USER_DATA_128);
    if (!equal128(
        omitted ? original : given,
        omitted ? originalAt : givenAt,
        stored,
        storedAt,
        TransferRecord.USER_DATA_128)) {
      return TransferStatus.EXISTS_WITH_DIFFERENT_USER_DATA_128;
    }
    omitted = given.get(JAVA_LONG_UNALIGNED, givenAt + TransferRecord.USER_DATA_64) == 0;
    if (!equal64(
        omitted ? original : given,
        omitted ? originalAt : givenAt,
        stored,
        storedAt,
        TransferRecord.USER_DATA_64)) {
      return TransferStatus.EXISTS_WITH_DIFFERENT_USER_DATA_64;
    }
    omitted = given.get(JAVA_INT_UNALIGNED, givenAt + TransferRecord.USER_DATA_32) == 0;
    if (!equal32(
        omitted ? original : given,
        omitted ? originalAt : givenAt,
        stored,
        storedAt,
        TransferRecord.USER_DATA_32)) {
      return TransferStatus.EXISTS_WITH_DIFFERENT_USER_DATA_32;
    }
    if (given.get(JAVA_INT_UNALIGNED, givenAt + TransferRecord.LEDGER) != 0
        && !equal32(given, givenAt, stored, storedAt, TransferRecord.LEDGER)) {
      return TransferStatus.EXISTS_WITH_DIFFERENT_LEDGER;
    }
    if (given.get(JAVA_SHORT_UNALIGNED, givenAt + TransferRecord.CODE) != 0
        && !equal16(given, givenAt, stored, storedAt, TransferRecord.CODE)) {
      return TransferStatus.EXISTS_WITH_DIFFERENT_CODE;
    }
    return TransferStatus.EXISTS;
  }

  /** The pending transfer that a post or void names: the same as the one that exists names. */
  private long pending(MemorySegment given, long givenAt) {
    long pending =
        transfers.findTransfer(
            given.get(JAVA_LONG_UNALIGNED, givenAt + TransferRecord.PENDING_ID + 8),
            given.get(JAVA_LONG_UNALIGNED, givenAt + TransferRecord.PENDING_ID));
    Invariants.check(pending != TransferStore.NOT_FOUND, "what was resolved exists");
    return pending;
  }

  private static boolean zero128(MemorySegment s, long at) {
    return Halves.isZero(s.get(JAVA_LONG_UNALIGNED, at + 8), s.get(JAVA_LONG_UNALIGNED, at));
  }

  private static boolean max128(MemorySegment s, long at) {
    return Halves.isMax(s.get(JAVA_LONG_UNALIGNED, at + 8), s.get(JAVA_LONG_UNALIGNED, at));
  }

  private static boolean equal128(MemorySegment a, long aAt, MemorySegment b, long bAt, int field) {
    return equal64(a, aAt, b, bAt, field) && equal64(a, aAt, b, bAt, field + 8);
  }

  private static boolean less128(MemorySegment a, long aAt, MemorySegment b, long bAt, int field) {
    return Halves.less(
        a.get(JAVA_LONG_UNALIGNED, aAt + field + 8),
        a.get(JAVA_LONG_UNALIGNED, aAt + field),
        b.get(JAVA_LONG_UNALIGNED, bAt + field + 8),
        b.get(JAVA_LONG_UNALIGNED, bAt + field));
  }

  private static boolean equal64(MemorySegment a, long aAt, MemorySegment b, long bAt, int field) {
    return a.get(JAVA_LONG_UNALIGNED, aAt + field) == b.get(JAVA_LONG_UNALIGNED, bAt + field);
  }

  private static boolean equal32(MemorySegment a, long aAt, MemorySegment b, long bAt, int field) {
    return a.get(JAVA_INT_UNALIGNED, aAt + field) == b.get(JAVA_INT_UNALIGNED, bAt + field);
  }

  private static boolean equal16(MemorySegment a, long aAt, MemorySegment b, long bAt, int field) {
    return a.get(JAVA_SHORT_UNALIGNED, aAt + field) == b.get(JAVA_SHORT_UNALIGNED, bAt + field);
  }
}
