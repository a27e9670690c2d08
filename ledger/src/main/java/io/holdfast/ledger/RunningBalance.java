package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.holdfast.kernel.UInt128;

/**
 * An account's four balances while one goes through its movements, onwards or back. Sums are taken
 * modulo 2^128, so that differences can be kept in it as well.
 */
public final class RunningBalance {
  private static final int DEBITS_PENDING = 0;
  private static final int DEBITS_POSTED = 2;
  private static final int CREDITS_PENDING = 4;
  private static final int CREDITS_POSTED = 6;
  private static final int HALVES = 8;

  /** As in an account's record: each balance's lower half, then its upper one. */
  private final long[] halves = new long[HALVES];

  /** All zero, as when an account is opened. */
  public RunningBalance() {}

  /** What the record of an account that is stored there says. */
  static RunningBalance ofAccount(long at) {
    RunningBalance balance = new RunningBalance();
    for (int i = 0; i < HALVES; i++) {
      balance.halves[i] =
          RecordStore.MEMORY.get(
              JAVA_LONG_UNALIGNED, at + AccountRecord.DEBITS_PENDING + (long) i * Long.BYTES);
    }
    return balance;
  }

  public RunningBalance copy() {
    RunningBalance copy = new RunningBalance();
    System.arraycopy(halves, 0, copy.halves, 0, HALVES);
    return copy;
  }

  /**
   * Adds sums of movements: eight halves, of debits pending, debits posted, credits pending and
   * credits posted the upper half, then the lower.
   */
  public void add(long[] sums) {
    for (int i = 0; i < HALVES; i += 2) {
      give(i, sums[i], sums[i + 1]);
    }
  }

  /** Takes off what {@link #add(long[])} adds. */
  public void subtract(long[] sums) {
    for (int i = 0; i < HALVES; i += 2) {
      take(i, sums[i], sums[i + 1]);
    }
  }

  /** Steps over a movement, from before it to after it. */
  public void add(
      MovementKind kind,
      boolean debit,
      long amountHi,
      long amountLo,
      long releasedHi,
      long releasedLo) {
    if (kind.resolves()) {
      take(debit ? DEBITS_PENDING : CREDITS_PENDING, releasedHi, releasedLo);
    }
    int field = addsTo(kind, debit);
    if (field >= 0) {
      give(field, amountHi, amountLo);
    }
  }

  /** Steps back over a movement, from after it to before it. */
  public void undo(
      MovementKind kind,
      boolean debit,
      long amountHi,
      long amountLo,
      long releasedHi,
      long releasedLo) {
    if (kind.resolves()) {
      give(debit ? DEBITS_PENDING : CREDITS_PENDING, releasedHi, releasedLo);
    }
    int field = addsTo(kind, debit);
    if (field >= 0) {
      take(field, amountHi, amountLo);
    }
  }

  /** The balances as a row: those right after this movement. */
  public Balance after(long timestamp, UInt128 transferId, boolean expiry) {
    return new Balance(
        timestamp,
        transferId,
        expiry,
        balance(DEBITS_PENDING),
        balance(DEBITS_POSTED),
        balance(CREDITS_PENDING),
        balance(CREDITS_POSTED));
  }

  private static int addsTo(MovementKind kind, boolean debit) {
    return switch (kind) {
      case PAYMENT, POST -> debit ? DEBITS_POSTED : CREDITS_POSTED;
      case RESERVE -> debit ? DEBITS_PENDING : CREDITS_PENDING;
      case VOID, EXPIRE -> -1;
    };
  }

  private void give(int field, long hi, long lo) {
    halves[field + 1] = Halves.sumHi(halves[field + 1], halves[field], hi, lo);
    halves[field] += lo;
  }

  private void take(int field, long hi, long lo) {
    halves[field + 1] = Halves.differenceHi(halves[field + 1], halves[field], hi, lo);
    halves[field] -= lo;
  }

  private UInt128 balance(int field) {
    return new UInt128(halves[field + 1], halves[field]);
  }
}
