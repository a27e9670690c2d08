package io.holdfast.ledger;

import io.holdfast.kernel.UInt128;

/**
 * An account with its balances, as seen at one moment. Amounts are whole minor units; the 64-bit
 * and 32-bit fields hold unsigned values.
 *
 * @param timestamp nanoseconds since the epoch of its creation; 0 in a request unless imported
 */
public record Account(
    UInt128 id,
    UInt128 debitsPending,
    UInt128 debitsPosted,
    UInt128 creditsPending,
    UInt128 creditsPosted,
    UInt128 userData128,
    long userData64,
    int userData32,
    int reserved,
    int ledger,
    int code,
    int flags,
    long timestamp) {

  /** A new account to be created. */
  public static Account opening(UInt128 id, int ledger, int code, int flags) {
    UInt128 zero = UInt128.ZERO;
    return new Account(id, zero, zero, zero, zero, zero, 0, 0, 0, ledger, code, flags, 0);
  }
}
