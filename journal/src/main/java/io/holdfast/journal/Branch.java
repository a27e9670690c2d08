package io.holdfast.journal;

import io.holdfast.kernel.UInt128;

/**
 * One stretch of a ledger's history: op and epoch alone do not name a history, for two restores of
 * one backup are two branches.
 *
 * @param epoch grows with each change of the primary site
 * @param id random
 * @param firstOp the first op of the branch
 * @param chain the chain before its first op, in hex
 */
public record Branch(long epoch, UInt128 id, long firstOp, String chain) {}
