package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.holdfast.kernel.Invariants;
import java.lang.foreign.MemorySegment;

/**
 * The layout of a batch: what is committed as one op, and what {@link Ledger#apply} judges.
 *
 * <pre>
 *  0 magic "HFBT" (4)   4 version = 1 (2)   6 rules version (2)   8 stamp, ns since the epoch (8)
 * 16 request count (4) 20 event count (4)  24 reserved, 0 (8)
 * 32 requests, each: origin boot (8), origin sequence (8), length (4), reserved (4), its encoding
 * </pre>
 *
 * Little-endian. The origin names who waits for the answer: the boot of a node and a number that it
 * counts up; it means nothing to the rules. See docs/formats/batch.md.
 */
public final class Batch {
  public static final int HEADER_BYTES = 32;
  public static final int REQUEST_HEADER_BYTES = 24;
  public static final int MAGIC = 'H' | 'F' << 8 | 'B' << 16 | 'T' << 24;
  public static final short VERSION = 1;

  public static final int RULES_VERSION_AT = 6;
  public static final int STAMP_AT = 8;
  public static final int REQUEST_COUNT_AT = 16;
  public static final int EVENT_COUNT_AT = 20;

  private Batch() {}

  /** Writes the header; the requests follow from {@link #HEADER_BYTES}. */
  public static void writeHeader(
      MemorySegment to, int rulesVersion, long stamp, int requestCount, int eventCount) {
    to.set(JAVA_INT_UNALIGNED, 0, MAGIC);
    to.set(JAVA_SHORT_UNALIGNED, 4, VERSION);
    to.set(JAVA_SHORT_UNALIGNED, RULES_VERSION_AT, (short) rulesVersion);
    to.set(JAVA_LONG_UNALIGNED, STAMP_AT, stamp);
    to.set(JAVA_INT_UNALIGNED, REQUEST_COUNT_AT, requestCount);
    to.set(JAVA_INT_UNALIGNED, EVENT_COUNT_AT, eventCount);
    to.set(JAVA_LONG_UNALIGNED, 24, 0);
  }

  /** Appends a request at {@code at} and returns where the next one goes. */
  public static long writeRequest(
      MemorySegment to, long at, long originBoot, long originSequence, Request request) {
    int length = request.sizeBytes();
    to.set(JAVA_LONG_UNALIGNED, at, originBoot);
    to.set(JAVA_LONG_UNALIGNED, at + 8, originSequence);
    to.set(JAVA_INT_UNALIGNED, at + 16, length);
    to.set(JAVA_INT_UNALIGNED, at + 20, 0);
    MemorySegment.copy(
        MemorySegment.ofArray(request.bytes()), 0, to, at + REQUEST_HEADER_BYTES, length);
    return at + REQUEST_HEADER_BYTES + length;
  }

  /** Bytes that a request takes in a batch. */
  public static int sizeInBatch(Request request) {
    return REQUEST_HEADER_BYTES + request.sizeBytes();
  }

  /** Bytes that a request takes in a batch once its details are sealed. */
  public static int sealedInBatch(Request request) {
    return REQUEST_HEADER_BYTES + request.sealedBytes();
  }

  /** Checks magic and version of a batch read back. */
  public static void check(MemorySegment batch) {
    Invariants.check(batch.get(JAVA_INT_UNALIGNED, 0) == MAGIC, "batch begins with its magic");
    Invariants.check(batch.get(JAVA_SHORT_UNALIGNED, 4) == VERSION, "batch version is known");
  }

  public static long stamp(MemorySegment batch) {
    return batch.get(JAVA_LONG_UNALIGNED, STAMP_AT);
  }

  public static int requestCount(MemorySegment batch) {
    return batch.get(JAVA_INT_UNALIGNED, REQUEST_COUNT_AT);
  }

  public static int eventCount(MemorySegment batch) {
    return batch.get(JAVA_INT_UNALIGNED, EVENT_COUNT_AT);
  }

  public static int rulesVersion(MemorySegment batch) {
    return Short.toUnsignedInt(batch.get(JAVA_SHORT_UNALIGNED, RULES_VERSION_AT));
  }

  public static long originBoot(MemorySegment batch, long at) {
    return batch.get(JAVA_LONG_UNALIGNED, at);
  }

  public static long originSequence(MemorySegment batch, long at) {
    return batch.get(JAVA_LONG_UNALIGNED, at + 8);
  }

  /** The length of the request whose header is at {@code at}. */
  public static int requestLength(MemorySegment batch, long at) {
    return batch.get(JAVA_INT_UNALIGNED, at + 16);
  }

  /** The kind of the request whose header is at {@code at}. */
  public static int requestKind(MemorySegment batch, long at) {
    return batch.get(java.lang.foreign.ValueLayout.JAVA_BYTE, at + REQUEST_HEADER_BYTES + 5);
  }

  /** What the requests of a batch are; of its first one, for others than clients' are alone. */
  public static RequestKind kind(MemorySegment batch) {
    return RequestKind.ofCode(requestKind(batch, HEADER_BYTES));
  }

  /** The number of events of the request whose header is at {@code at}. */
  public static int requestEventCount(MemorySegment batch, long at) {
    return batch.get(JAVA_INT_UNALIGNED, at + REQUEST_HEADER_BYTES + 8);
  }
}
