package io.holdfast.journal;

/**
 * How far the index is.
 *
 * @param lastOp the last op that a run tells of; 0 if there is none
 * @param waiting generations that are complete and not indexed yet
 */
public record IndexStats(long lastOp, int runs, long sizeBytes, int waiting) {}
