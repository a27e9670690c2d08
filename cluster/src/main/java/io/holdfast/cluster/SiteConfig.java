package io.holdfast.cluster;

import io.holdfast.journal.JournalIndex;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

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
 * @param generationEvents events and ops in a generation of the ledger: what is in memory of
 *     history comes in such pieces, and checkpoints fall on their ends; the same on all nodes of a
 *     site
 * @param logGenerations complete generations of the ledger that stay in the log of consensus for
 *     nodes that were down; what is older is cut off once the journal has it
 * @param detailsPeriod how long one key seals the details of transfers
 * @param bindHost where to listen for the other nodes; null for the member's own host
 * @param bindPort the port to listen on; 0 for the member's own
 */
public record SiteConfig(
    Path directory,
    int electionTimeoutMinMillis,
    int electionTimeoutMaxMillis,
    int batchesInFlight,
    int queueEventsMax,
    long queueBytesMax,
    int generationEvents,
    int logGenerations,
    PeriodLength detailsPeriod,
    @Nullable String bindHost,
    int bindPort) {
  /** A log of some 8 million transfers: minutes of a busy site. */
  public static final int LOG_GENERATIONS = 32;

  /** Listening where the other nodes dial. */
  public SiteConfig(
      Path directory,
      int electionTimeoutMinMillis,
      int electionTimeoutMaxMillis,
      int batchesInFlight,
      int queueEventsMax,
      long queueBytesMax) {
    this(
        directory,
        electionTimeoutMinMillis,
        electionTimeoutMaxMillis,
        batchesInFlight,
        queueEventsMax,
        queueBytesMax,
        JournalIndex.GENERATION_WEIGHT,
        LOG_GENERATIONS,
        PeriodLength.MONTH,
        null,
        0);
  }
}
