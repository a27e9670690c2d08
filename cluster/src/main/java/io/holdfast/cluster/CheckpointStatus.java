package io.holdfast.cluster;

/**
 * Where a node's checkpoints stand.
 *
 * @param op of the newest; 0 while there is none
 * @param writtenMillis when it was written, in wall-clock time; 0 while none was since the start
 * @param agreed how often a root was compared with another node's and was the same, since the start
 * @param differing how often it was another
 */
public record CheckpointStatus(long op, long writtenMillis, long agreed, long differing) {}
