package io.holdfast.journal;

import java.util.UUID;

/**
 * A complete checkpoint: the whole state of the ledger at one op.
 *
 * @param root digest over all of it, in hex; the same on every node, at every site
 * @param group the consensus group of the entry that holds the op
 * @param term of that entry
 * @param index of that entry
 */
public record Checkpoint(
    long op, String root, UUID group, long term, long index, long accounts, long sizeBytes) {}
