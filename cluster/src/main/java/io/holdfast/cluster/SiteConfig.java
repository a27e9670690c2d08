package io.holdfast.cluster;

import java.nio.file.Path;

/**
 * How a node takes part in its site.
 *
 * @param directory the node's data directory, with genesis file and keys
 * @param electionTimeoutMinMillis a follower that hears nothing for this long stands for election …
 * @param electionTimeoutMaxMillis … and at most for this long
 * @param batchesInFlight batches handed to consensus and not yet answered, at most
 * @param queueEventsMax events that wait to be collected into a batch, at most; beyond, callers are
 *     pushed back
 * @param queueBytesMax bytes that wait, at most
 */
public record SiteConfig(
    Path directory,
    int electionTimeoutMinMillis,
    int electionTimeoutMaxMillis,
    int batchesInFlight,
    int queueEventsMax,
    long queueBytesMax) {}
