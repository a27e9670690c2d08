package io.holdfast.journal;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.holdfast.kernel.Invariants;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.SealedDetails;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.ledger.TransferRecord;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Reads single events of stored entries as the ledger stores them, opening only the frames that
 * hold them. It keeps what it opened last, so events that lie near each other cost little. For one
 * thread.
 */
final class EntryReader {
  private final EntryBytes bytes;
  private final MemorySegment word = MemorySegment.ofArray(new byte[8]);
  private long op;
  private int events;
  private int batchBytes;
  private int outcomes;
  private long time;
  private boolean pulse;
  private long requestAt; // where the header of the request is that an event was last found in
  private int requestFirst; // its first event

  EntryReader(EntryBytes bytes) {
    this.bytes = bytes;
  }

  /** Turns to the entry of this op. */
  void turnTo(long segment, long offset, long itsOp) throws IOException {
    if (op == itsOp) {
      return;
    }
    op = 0;
    bytes.turnTo(segment, offset, itsOp);
    batchBytes = intAt(EntryLayout.BATCH_LENGTH_AT);
    events = intAt(EntryLayout.EVENTS_AT);
    outcomes = intAt(EntryLayout.OUTCOMES_AT);
    time = longAt(EntryLayout.TIME_AT);
    pulse = intAt(EntryLayout.KIND_AT) == EntryKind.PULSE.code();
    requestAt = EntryLayout.HEADER_BYTES + Batch.HEADER_BYTES;
    requestFirst = 0;
    op = itsOp;
  }

  int events() {
    return events;
  }

  /** Reservations that a pulse released; 0 of any other entry. */
  int releases() {
    return pulse ? outcomes : 0;
  }

  /** The number of the status that the event was answered with; -1 is {@code created}. */
  int status(int event) throws IOException {
    int status = answer(event) & 0xFF;
    return status == EntryLayout.CREATED ? -1 : status;
  }

  private int answer(int event) throws IOException {
    Invariants.check(event < events, "an event is one of its entry's", events, event);
    bytes.copy(
        EntryLayout.answersAt(batchBytes) + (long) event * EntryLayout.ANSWER_BYTES,
        word,
        EntryLayout.ANSWER_BYTES);
    return Short.toUnsignedInt(word.get(JAVA_SHORT_UNALIGNED, 0));
  }

  /** Whether the event asks for a transfer. */
  boolean isTransfer(int event) throws IOException {
    seek(event);
    bytes.copy(requestAt + Batch.REQUEST_HEADER_BYTES + 5, word, 1);
    return word.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0)
        == RequestKind.CREATE_TRANSFERS.code();
  }

  /** Copies the record of the transfer that the event created, as the ledger stores it. */
  void transfer(int event, MemorySegment to) throws IOException {
    seek(event);
    bytes.copy(recordAt(event), to, TransferRecord.BYTES);
    int flags = Short.toUnsignedInt(to.get(JAVA_SHORT_UNALIGNED, TransferRecord.FLAGS));
    if ((flags & EntryComposer.STORED_DIFFERS) != 0) {
      outcome(outcomeOf(event), to);
    } else if ((flags & TransferFlags.IMPORTED) == 0) {
      to.set(JAVA_LONG_UNALIGNED, TransferRecord.TIMESTAMP, time - events + event + 1);
    }
  }

  /** Copies the record of a release of a pulse. */
  void release(int number, MemorySegment to) throws IOException {
    Invariants.check(pulse && number < outcomes, "a release is one of its pulse's");
    outcome(number, to);
  }

  /**
   * The details that came with an event, as they came; empty if none did.
   *
   * @param sealed whether {@link SealedDetails} says how they lie
   */
  record StoredDetails(byte[] bytes, boolean sealed) {}

  /** The details that came with an event. */
  StoredDetails details(int event) throws IOException {
    seek(event);
    long request = requestAt + Batch.REQUEST_HEADER_BYTES;
    bytes.copy(request + 6, word, 2);
    int flags = word.get(JAVA_SHORT_UNALIGNED, 0);
    if (flags == 0) {
      return new StoredDetails(new byte[0], false);
    }
    int count = requestEvents();
    byte[] lengths = new byte[2 * count];
    MemorySegment each = MemorySegment.ofArray(lengths);
    long lengthsAt = request + Request.HEADER_BYTES + (long) count * Request.EVENT_BYTES;
    bytes.copy(lengthsAt, each, lengths.length);
    long at = lengthsAt + lengths.length;
    int wanted = event - requestFirst;
    for (int i = 0; i < wanted; i++) {
      at += Short.toUnsignedInt(each.get(JAVA_SHORT_UNALIGNED, 2L * i));
    }
    byte[] details = new byte[Short.toUnsignedInt(each.get(JAVA_SHORT_UNALIGNED, 2L * wanted))];
    bytes.copy(at, MemorySegment.ofArray(details), details.length);
    return new StoredDetails(details, (flags & Request.FLAG_SEALED_DETAILS) != 0);
  }

  /** Finds the request that the event is in. */
  private void seek(int event) throws IOException {
    Invariants.check(!pulse && event < events, "an event is one of its entry's", events, event);
    if (event < requestFirst) {
      requestAt = EntryLayout.HEADER_BYTES + Batch.HEADER_BYTES;
      requestFirst = 0;
    }
    int count = requestEvents();
    while (event >= requestFirst + count) {
      requestFirst += count;
      requestAt += Batch.REQUEST_HEADER_BYTES + intAt(requestAt + 16);
      count = requestEvents();
    }
  }

  private int requestEvents() throws IOException {
    return intAt(requestAt + Batch.REQUEST_HEADER_BYTES + 8);
  }

  private long recordAt(int event) {
    return requestAt
        + Batch.REQUEST_HEADER_BYTES
        + Request.HEADER_BYTES
        + (long) (event - requestFirst) * Request.EVENT_BYTES;
  }

  private int outcomeOf(int event) throws IOException {
    int low = 0;
    int high = outcomes - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int at = intAt(outcomeAt(middle));
      if (at == event) {
        return middle;
      } else if (at < event) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    throw Invariants.broken("an event that was stored in another way has an outcome");
  }

  private void outcome(int i, MemorySegment to) throws IOException {
    bytes.copy(outcomeAt(i) + EntryLayout.OUTCOME_HEADER_BYTES, to, TransferRecord.BYTES);
  }

  private long outcomeAt(int i) {
    return EntryLayout.outcomesAt(batchBytes, events) + (long) i * EntryLayout.OUTCOME_BYTES;
  }

  private int intAt(long at) throws IOException {
    bytes.copy(at, word, 4);
    return word.get(JAVA_INT_UNALIGNED, 0);
  }

  private long longAt(long at) throws IOException {
    bytes.copy(at, word, 8);
    return word.get(JAVA_LONG_UNALIGNED, 0);
  }
}
