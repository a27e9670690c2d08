package io.holdfast.journal;

/**
 * Where a journal stands.
 *
 * @param lastOp of the last entry written to a file
 * @param syncedOp of the last entry known to be on disk
 * @param segments files
 * @param sizeBytes of all of them
 */
public record JournalStats(long lastOp, long syncedOp, int segments, long sizeBytes) {}
