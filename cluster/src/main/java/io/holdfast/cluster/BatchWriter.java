package io.holdfast.cluster;

import io.holdfast.kernel.Limits;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.Ledger;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Makes of the requests that wait one sealed batch: stamps the time, lays the requests one after
 * the other, seals all of it. Used by the submission thread alone, so that stamps rise in log
 * order.
 */
final class BatchWriter {
  private final SiteClock clock;
  private final DetailsSealer details;
  private final Seal seal;
  private final byte[] plain = new byte[Limits.BATCH_BYTES_MAX];
  private final MemorySegment segment = MemorySegment.ofArray(plain);
  private long sequence;

  BatchWriter(SiteClock clock, DetailsSealer details, Seal seal) {
    this.clock = clock;
    this.details = details;
    this.seal = seal;
  }

  /** Gets ready for these requests; returns whether they can be written now. */
  boolean prepare(List<Waiting> requests) {
    return details.prepare(requests);
  }

  byte[] write(List<Waiting> requests) {
    long at = Batch.HEADER_BYTES;
    int events = 0;
    for (Waiting waiting : requests) {
      at =
          Batch.writeRequest(
              segment,
              at,
              waiting.origin().boot(),
              waiting.origin().sequence(),
              details.seal(waiting.request()));
      events += waiting.request().eventCount();
    }
    Batch.writeHeader(segment, Ledger.RULES_VERSION, clock.now(), requests.size(), events);
    return seal.seal(++sequence, plain, (int) at);
  }
}
