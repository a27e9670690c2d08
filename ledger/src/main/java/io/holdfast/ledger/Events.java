package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.holdfast.kernel.Limits;
import java.lang.foreign.MemorySegment;

/** The events of the request that is being judged, read where they lie in the batch. */
final class Events {
  private static final int FLAG_LINKED = TransferFlags.LINKED; // the same bit for accounts

  private final int[] detailsStarts = new int[Limits.REQUEST_EVENTS_MAX];
  private MemorySegment batch = MemorySegment.NULL;
  private long base;
  private int count;
  private boolean hasDetails;
  private boolean sealed;

  /** Turns to the request that begins at {@code requestAt}; its structure has been checked. */
  void load(MemorySegment from, long requestAt) {
    batch = from;
    base = requestAt + Request.HEADER_BYTES;
    count = from.get(JAVA_INT_UNALIGNED, requestAt + Request.EVENT_COUNT_AT);
    int flags = from.get(JAVA_SHORT_UNALIGNED, requestAt + Request.FLAGS_AT);
    hasDetails = flags != 0;
    sealed = (flags & Request.FLAG_SEALED_DETAILS) != 0;
    if (hasDetails) {
      int start = 0;
      for (int i = 0; i < count; i++) {
        detailsStarts[i] = start;
        start += detailsLength(i);
      }
    }
  }

  int count() {
    return count;
  }

  MemorySegment segment() {
    return batch;
  }

  /** Where the record of event {@code i} begins. */
  long at(int i) {
    return base + (long) i * Request.EVENT_BYTES;
  }

  /** The flags, which both kinds of record have in the same place. */
  int flags(int i) {
    return Short.toUnsignedInt(batch.get(JAVA_SHORT_UNALIGNED, at(i) + TransferRecord.FLAGS));
  }

  boolean linked(int i) {
    return (flags(i) & FLAG_LINKED) != 0;
  }

  /** A half of a field of event {@code i}. */
  long half(int i, int field) {
    return batch.get(JAVA_LONG_UNALIGNED, at(i) + field);
  }

  /** Whether details are sealed. */
  boolean sealed() {
    return sealed;
  }

  /** Bytes of the details of event {@code i}; 0 when it has none. */
  int detailsLength(int i) {
    return hasDetails
        ? Short.toUnsignedInt(batch.get(JAVA_SHORT_UNALIGNED, at(count) + 2L * i))
        : 0;
  }

  /** Where the details of event {@code i} begin. */
  long detailsAt(int i) {
    return at(count) + 2L * count + detailsStarts[i];
  }
}
