package io.holdfast.ledger;

import io.holdfast.kernel.UInt128;

/**
 * An account's balances right after one movement.
 *
 * @param timestamp of the movement, nanoseconds since the epoch
 * @param transferId the transfer that moved them; for an expiry, the pending transfer that expired
 * @param expiry whether the movement was the expiry of a pending transfer
 */
public record Balance(
    long timestamp,
    UInt128 transferId,
    boolean expiry,
    UInt128 debitsPending,
    UInt128 debitsPosted,
    UInt128 creditsPending,
    UInt128 creditsPosted) {}
