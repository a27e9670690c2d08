package io.holdfast.journal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.holdfast.kernel.Invariants;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.ledger.TransferRecord;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/**
 * Writes a batch that the ledger has just judged as an entry, all but its checksum. It copies and
 * allocates nothing, for it runs on the thread that applies.
 */
final class EntryComposer {
  /** What is stored of such a transfer is more than, or other than, what its event says. */
  static final int STORED_DIFFERS =
      TransferFlags.POST_PENDING_TRANSFER
          | TransferFlags.VOID_PENDING_TRANSFER
          | TransferFlags.BALANCING_DEBIT
          | TransferFlags.BALANCING_CREDIT;

  private final UUID group;

  EntryComposer(UUID group) {
    this.group = group;
  }

  /** The most bytes that {@link #compose} can need for this batch. */
  static int bytesMax(int batchBytes, Ledger ledger, int events) {
    int movements = (int) (ledger.movementCount() - ledger.movementsBefore());
    return EntryLayout.sizeBytes(batchBytes, events, movements);
  }

  /**
   * Writes the entry of the ledger's last batch at {@code at} and returns its length.
   *
   * @param results what the ledger answered to each event
   */
  int compose(
      MemorySegment to,
      long at,
      Ledger ledger,
      long epoch,
      MemorySegment batch,
      int batchBytes,
      MemorySegment results,
      long term,
      long index) {
    EntryKind kind = EntryKind.of(Batch.kind(batch));
    boolean pulse = kind == EntryKind.PULSE;
    int events = Batch.eventCount(batch);
    long batchAt = at + EntryLayout.HEADER_BYTES;
    MemorySegment.copy(batch, 0, to, batchAt, batchBytes);
    zero(to, batchAt + batchBytes, EntryLayout.padded(batchBytes) - batchBytes);
    long answersAt = at + EntryLayout.answersAt(batchBytes);
    int answers = events * EntryLayout.ANSWER_BYTES;
    int created = 0;
    for (int i = 0; i < events; i++) {
      short answer = answer(results, i);
      created += answer == EntryLayout.CREATED ? 1 : 0;
      to.set(JAVA_SHORT_UNALIGNED, answersAt + 2L * i, answer);
    }
    zero(to, answersAt + answers, EntryLayout.padded(answers) - answers);
    long outcomesAt = at + EntryLayout.outcomesAt(batchBytes, events);
    int outcomes =
        switch (kind) {
          case BATCH -> outcomes(to, outcomesAt, ledger, batch, results);
          case PULSE -> releases(to, outcomesAt, ledger);
          case DESTRUCTION -> 0;
        };
    int length = EntryLayout.sizeBytes(batchBytes, events, outcomes);

    to.set(JAVA_INT_UNALIGNED, at, EntryLayout.MAGIC);
    to.set(JAVA_INT_UNALIGNED, at + EntryLayout.LENGTH_AT, length);
    to.set(JAVA_INT_UNALIGNED, at + EntryLayout.CRC_AT, 0);
    to.set(JAVA_SHORT_UNALIGNED, at + EntryLayout.VERSION_AT, EntryLayout.VERSION);
    to.set(
        JAVA_SHORT_UNALIGNED, at + EntryLayout.RULES_VERSION_AT, (short) Batch.rulesVersion(batch));
    to.set(JAVA_LONG_UNALIGNED, at + EntryLayout.OP_AT, ledger.op());
    to.set(JAVA_LONG_UNALIGNED, at + EntryLayout.EPOCH_AT, epoch);
    to.set(JAVA_LONG_UNALIGNED, at + EntryLayout.TIME_AT, ledger.lastTimestamp());
    to.set(JAVA_INT_UNALIGNED, at + EntryLayout.KIND_AT, kind.code());
    to.set(JAVA_INT_UNALIGNED, at + EntryLayout.REQUESTS_AT, Batch.requestCount(batch));
    to.set(JAVA_INT_UNALIGNED, at + EntryLayout.EVENTS_AT, events);
    to.set(JAVA_INT_UNALIGNED, at + EntryLayout.BATCH_LENGTH_AT, batchBytes);
    to.set(JAVA_INT_UNALIGNED, at + EntryLayout.OUTCOMES_AT, outcomes);
    to.set(JAVA_INT_UNALIGNED, at + EntryLayout.CREATED_AT, pulse ? outcomes : created);
    to.set(JAVA_LONG_UNALIGNED, at + EntryLayout.GROUP_AT, group.getMostSignificantBits());
    to.set(JAVA_LONG_UNALIGNED, at + EntryLayout.GROUP_AT + 8, group.getLeastSignificantBits());
    to.set(JAVA_LONG_UNALIGNED, at + EntryLayout.TERM_AT, term);
    to.set(JAVA_LONG_UNALIGNED, at + EntryLayout.INDEX_AT, index);
    return length;
  }

  private static short answer(MemorySegment results, int event) {
    long at = (long) event * Reply.RESULT_BYTES;
    int status = results.get(JAVA_INT_UNALIGNED, at + Reply.STATUS);
    int original = results.get(JAVA_INT_UNALIGNED, at + Reply.RESERVED);
    return (short) ((status == -1 ? EntryLayout.CREATED : status) | original << 8);
  }

  private static int releases(MemorySegment to, long outcomesAt, Ledger ledger) {
    int released = (int) (ledger.movementCount() - ledger.movementsBefore());
    for (int i = 0; i < released; i++) {
      outcome(to, outcomesAt, i, i, ledger, ledger.movementsBefore() + i);
    }
    return released;
  }

  /** The transfers created are the ledger's newest movements, in order of their events. */
  private static int outcomes(
      MemorySegment to,
      long outcomesAt,
      Ledger ledger,
      MemorySegment batch,
      MemorySegment results) {
    long movement = ledger.movementsBefore();
    int written = 0;
    int requests = Batch.requestCount(batch);
    long at = Batch.HEADER_BYTES;
    int event = 0;
    for (int request = 0; request < requests; request++) {
      int count = Batch.requestEventCount(batch, at);
      boolean transfers = Batch.requestKind(batch, at) == RequestKind.CREATE_TRANSFERS.code();
      long eventsAt = at + Batch.REQUEST_HEADER_BYTES + Request.HEADER_BYTES;
      for (int i = 0; transfers && i < count; i++) {
        long resultAt = (long) (event + i) * Reply.RESULT_BYTES;
        if (results.get(JAVA_INT_UNALIGNED, resultAt + Reply.STATUS) != -1) {
          continue;
        }
        long flagsAt = eventsAt + (long) i * Request.EVENT_BYTES + TransferRecord.FLAGS;
        if ((batch.get(JAVA_SHORT_UNALIGNED, flagsAt) & STORED_DIFFERS) != 0) {
          outcome(to, outcomesAt, written++, event + i, ledger, movement);
        }
        movement++;
      }
      event += count;
      at += Batch.REQUEST_HEADER_BYTES + Batch.requestLength(batch, at);
    }
    Invariants.check(
        movement == ledger.movementCount(),
        "each transfer created is one movement",
        ledger.movementCount(),
        movement);
    return written;
  }

  private static void outcome(
      MemorySegment to, long outcomesAt, int i, int event, Ledger ledger, long movement) {
    long at = outcomesAt + (long) i * EntryLayout.OUTCOME_BYTES;
    to.set(JAVA_INT_UNALIGNED, at, event);
    to.set(JAVA_INT_UNALIGNED, at + 4, 0);
    ledger.copyReleased(movement, to, at + EntryLayout.OUTCOME_RELEASED);
    ledger.copyMovement(movement, to, at + EntryLayout.OUTCOME_HEADER_BYTES);
  }

  private static void zero(MemorySegment to, long at, long bytes) {
    for (long i = 0; i < bytes; i++) {
      to.set(JAVA_BYTE, at + i, (byte) 0);
    }
  }
}
