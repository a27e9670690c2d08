package io.holdfast.cluster;

/**
 * How far one round of a {@link Fetch} is.
 *
 * @param doneBytes of what was lacking; what an earlier attempt had left counts
 * @param totalBytes of all that was lacking when the round began
 * @param bytesPerSecond received since the round began
 */
record FetchProgress(long doneBytes, long totalBytes, long bytesPerSecond) {}
