package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Invariants;
import io.holdfast.kernel.Limits;
import java.lang.foreign.MemorySegment;

/**
 * Checks the whole of a batch before any of it is applied. A batch comes out of the log, so a wrong
 * one means that the log or the code is broken, and nothing but halting is right.
 */
final class BatchStructure {
  private BatchStructure() {}

  static void check(MemorySegment batch, long sizeBytes, long resultsBytes) {
    Invariants.check(
        sizeBytes >= Batch.HEADER_BYTES && sizeBytes <= batch.byteSize(), "batch has its header");
    Batch.check(batch);
    Invariants.check(
        Batch.rulesVersion(batch) == Ledger.RULES_VERSION,
        "rules version of the batch is known",
        Ledger.RULES_VERSION,
        Batch.rulesVersion(batch));
    Invariants.check(Batch.stamp(batch) >= 0, "stamp of the batch is a time");
    int requests = Batch.requestCount(batch);
    int events = Batch.eventCount(batch);
    Invariants.check(requests >= 1, "batch has a request");
    Invariants.check(
        events >= 0 && events <= Limits.BATCH_EVENTS_MAX,
        "batch is within its events",
        Limits.BATCH_EVENTS_MAX,
        events);
    long at = Batch.HEADER_BYTES;
    long counted = 0;
    for (int i = 0; i < requests; i++) {
      Invariants.check(
          at + Batch.REQUEST_HEADER_BYTES + Request.HEADER_BYTES <= sizeBytes,
          "request lies within its batch");
      long length = Integer.toUnsignedLong(Batch.requestLength(batch, at));
      long requestAt = at + Batch.REQUEST_HEADER_BYTES;
      Invariants.check(
          length >= Request.HEADER_BYTES && length <= sizeBytes - requestAt,
          "request lies within its batch");
      int kind = Batch.requestKind(batch, at);
      if (kind == RequestKind.PULSE.code()) {
        Invariants.check(requests == 1, "a pulse is alone in its batch");
        checkPulse(batch, requestAt, length);
      } else if (kind == RequestKind.DESTROY_DETAILS.code()) {
        Invariants.check(requests == 1, "a destruction is alone in its batch");
        Invariants.check(
            Request.isDestruction(batch.asSlice(requestAt, length)),
            "a destruction names its period");
      } else {
        checkEvents(batch, requestAt, length);
      }
      counted += Batch.requestEventCount(batch, at);
      at = requestAt + length;
    }
    Invariants.check(at == sizeBytes, "batch ends with its last request", sizeBytes, at);
    Invariants.check(counted == events, "batch has as many events as it says", events, counted);
    Invariants.check(
        resultsBytes >= (long) events * Reply.RESULT_BYTES, "results have room for each event");
  }

  private static void checkEvents(MemorySegment batch, long requestAt, long length) {
    try {
      Request.check(batch.asSlice(requestAt, length), true);
    } catch (HoldfastException e) {
      throw Invariants.broken("request in a batch is well formed: " + e.message());
    }
  }

  private static void checkPulse(MemorySegment batch, long requestAt, long length) {
    Invariants.check(
        length == Request.HEADER_BYTES
            && batch.get(JAVA_INT_UNALIGNED, requestAt) == Request.MAGIC
            && batch.get(JAVA_INT_UNALIGNED, requestAt + Request.EVENT_COUNT_AT) == 0,
        "a pulse is a request without events");
  }
}
