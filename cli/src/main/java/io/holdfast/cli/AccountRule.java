package io.holdfast.cli;

/**
 * The account whose movement a row is.
 *
 * @param flags of the ledger's account flags
 * @param creditNormal whether its balance counts credits minus debits, as a customer's account at a
 *     bank does
 */
record AccountRule(
    IdRule id,
    Field code,
    int flags,
    Field userData128,
    Field userData64,
    Field userData32,
    boolean creditNormal) {}
