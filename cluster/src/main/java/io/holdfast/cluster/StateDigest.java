package io.holdfast.cluster;

/**
 * What a full scan of a node's state gave: two nodes at the same op must agree in all of it.
 *
 * @param digest SHA-256 over the whole state, 64 hex digits
 * @param conserved whether debits equal credits in every ledger, summed over all accounts
 */
public record StateDigest(
    long op, String digest, long accounts, long transfers, boolean conserved) {}
