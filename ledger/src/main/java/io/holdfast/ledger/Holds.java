package io.holdfast.ledger;

/**
 * An account and the open reservations on it, from one moment.
 *
 * @param reservations pending transfers that are neither posted nor voided nor expired, the newest
 *     first
 */
public record Holds(Account account, Page<Transfer> reservations) {}
