package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.holdfast.kernel.Invariants;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Recomputes, per ledger, debits less credits, posted and pending, from the balances of accounts:
 * from those touched since the last check, before and after; and over all accounts. Both must be
 * zero. The check comes after each batch and, between chains, within it, while what it compares is
 * still near: after a large batch all of it would have to be fetched once more.
 *
 * <p>The sums are taken modulo 2^128; an error that is an exact multiple of that cannot arise from
 * amounts, which are smaller.
 */
final class Conservation {
  private static final int POSTED_LO = 0;
  private static final int PENDING_LO = 2;
  private static final int SUMS = 4; // of each ledger: two, lower half before upper half

  /** Accounts touched that are worth a check. */
  private static final int MANY = 512;

  private final AccountStore accounts;
  private int[] ledgers = new int[16]; // open addressing; 0 is free, and the number of no ledger
  private long[] sums = new long[16 * SUMS];
  private int used;

  Conservation(AccountStore accounts) {
    this.accounts = accounts;
  }

  /** Checks what was touched since the last check, if that is much; not within a chain. */
  void checkIfMany() {
    if (accounts.touched().size() >= MANY) {
      check();
    }
  }

  /** Checks what was touched since the last check. */
  void check() {
    Invariants.check(holdsFor(accounts.touched()), "money conserved");
    accounts.forgetTouched();
  }

  /** Whether the changes of the touched accounts since their images were taken balance. */
  boolean holdsFor(TouchLog touched) {
    clear();
    for (long i = 0; i < touched.size(); i++) {
      long position = touched.position(i);
      MemorySegment record = RecordStore.MEMORY;
      long at = accounts.at(position);
      int slot = slot(accounts.ledger(position)) * SUMS;
      change(slot + POSTED_LO, touched, i, record, at, AccountRecord.DEBITS_POSTED, true);
      change(slot + POSTED_LO, touched, i, record, at, AccountRecord.CREDITS_POSTED, false);
      change(slot + PENDING_LO, touched, i, record, at, AccountRecord.DEBITS_PENDING, true);
      change(slot + PENDING_LO, touched, i, record, at, AccountRecord.CREDITS_PENDING, false);
    }
    return allZero();
  }

  /** Whether the balances of all accounts balance. */
  boolean holdsForAll() {
    Conservation scan = new Conservation(accounts);
    for (long position = 0; position < accounts.size(); position++) {
      MemorySegment record = RecordStore.MEMORY;
      long at = accounts.at(position);
      int slot = scan.slot(accounts.ledger(position)) * SUMS;
      scan.total(slot + POSTED_LO, record, at + AccountRecord.DEBITS_POSTED, true);
      scan.total(slot + POSTED_LO, record, at + AccountRecord.CREDITS_POSTED, false);
      scan.total(slot + PENDING_LO, record, at + AccountRecord.DEBITS_PENDING, true);
      scan.total(slot + PENDING_LO, record, at + AccountRecord.CREDITS_PENDING, false);
    }
    return scan.allZero();
  }

  private void change(
      int sum, TouchLog touched, long i, MemorySegment record, long at, int field, boolean adds) {
    long oldLo = touched.half(i, field);
    long oldHi = touched.half(i, field + 8);
    long lo = record.get(JAVA_LONG_UNALIGNED, at + field);
    long hi = record.get(JAVA_LONG_UNALIGNED, at + field + 8);
    if (lo != oldLo || hi != oldHi) {
      add(sum, Halves.differenceHi(hi, lo, oldHi, oldLo), lo - oldLo, adds);
    }
  }

  private void total(int sum, MemorySegment record, long field, boolean adds) {
    add(
        sum,
        record.get(JAVA_LONG_UNALIGNED, field + 8),
        record.get(JAVA_LONG_UNALIGNED, field),
        adds);
  }

  private void add(int sum, long hi, long lo, boolean adds) {
    long sumLo = sums[sum];
    long sumHi = sums[sum + 1];
    sums[sum] = adds ? sumLo + lo : sumLo - lo;
    sums[sum + 1] =
        adds ? Halves.sumHi(sumHi, sumLo, hi, lo) : Halves.differenceHi(sumHi, sumLo, hi, lo);
  }

  private boolean allZero() {
    long any = 0;
    for (long sum : sums) {
      any |= sum;
    }
    return any == 0;
  }

  private int slot(int ledger) {
    int mask = ledgers.length - 1;
    int i = ((ledger * 0x9E3779B9) >>> 7) & mask;
    while (ledgers[i] != ledger) {
      if (ledgers[i] == 0) {
        if (used * 2 >= ledgers.length) {
          grow();
          return slot(ledger);
        }
        ledgers[i] = ledger;
        used++;
        return i;
      }
      i = (i + 1) & mask;
    }
    return i;
  }

  private void grow() {
    int[] oldLedgers = ledgers;
    long[] oldSums = sums;
    ledgers = new int[oldLedgers.length * 2];
    sums = new long[ledgers.length * SUMS];
    used = 0;
    for (int i = 0; i < oldLedgers.length; i++) {
      if (oldLedgers[i] != 0) {
        System.arraycopy(oldSums, i * SUMS, sums, slot(oldLedgers[i]) * SUMS, SUMS);
      }
    }
  }

  private void clear() {
    Arrays.fill(ledgers, 0);
    Arrays.fill(sums, 0);
    used = 0;
  }
}
