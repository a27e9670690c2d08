package io.holdfast.ledger;

import io.holdfast.kernel.UInt128;

/**
 * A movement of an amount, in whole minor units, from the debit to the credit account. The 64-bit
 * and 32-bit fields hold unsigned values.
 *
 * @param timeout seconds until a pending transfer expires; 0 means never
 * @param timestamp nanoseconds since the epoch of its creation; 0 in a request unless imported
 */
public record Transfer(
    UInt128 id,
    UInt128 debitAccountId,
    UInt128 creditAccountId,
    UInt128 amount,
    UInt128 pendingId,
    UInt128 userData128,
    long userData64,
    int userData32,
    int timeout,
    int ledger,
    int code,
    int flags,
    long timestamp) {

  /** A plain payment to be created. */
  public static Transfer payment(
      UInt128 id,
      UInt128 debitAccountId,
      UInt128 creditAccountId,
      long amount,
      int ledger,
      int code) {
    UInt128 zero = UInt128.ZERO;
    return new Transfer(
        id,
        debitAccountId,
        creditAccountId,
        UInt128.of(amount),
        zero,
        zero,
        0,
        0,
        0,
        ledger,
        code,
        0,
        0);
  }
}
