package io.holdfast.journal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.DetailsPeriod;
import io.holdfast.ledger.Records128;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferRecord;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An entry that was read and found whole; {@link EntryLayout} says how it lies in its bytes. */
public final class Entry {
  private final byte[] bytes;
  private final int from;
  private final MemorySegment memory;

  private Entry(byte[] bytes, int from, MemorySegment memory) {
    this.bytes = bytes;
    this.from = from;
    this.memory = memory;
  }

  /** Who hears about each event of an entry. */
  @FunctionalInterface
  public interface EventVisitor {
    /**
     * @param event its number in the batch, from 0
     * @param recordAt where in {@link #memory()} the event as it came lies
     */
    void event(int request, RequestKind kind, int event, long recordAt);
  }

  /** Takes the bytes of one entry, or says what is wrong with them. */
  static Parsed parse(byte[] bytes) {
    return parse(bytes, 0, bytes.length);
  }

  /** As the other, of bytes among others, which must not change as long as the entry is used. */
  static Parsed parse(byte[] bytes, int from, int length) {
    MemorySegment memory = MemorySegment.ofArray(bytes).asSlice(from, length);
    if (length < EntryLayout.HEADER_BYTES
        || memory.get(JAVA_INT_UNALIGNED, 0) != EntryLayout.MAGIC) {
      return Parsed.wrong("it does not begin with HFJE");
    }
    short version = memory.get(JAVA_SHORT_UNALIGNED, EntryLayout.VERSION_AT);
    if (version != EntryLayout.VERSION) {
      return Parsed.wrong("its version is " + version + "; this version of Holdfast reads 1");
    }
    if (EntryLayout.intAt(memory, EntryLayout.LENGTH_AT) != length
        || EntryLayout.intAt(memory, EntryLayout.CRC_AT) != EntryLayout.crc(bytes, from, length)) {
      return Parsed.wrong("its length or checksum does not fit its content");
    }
    if (!EntryKind.isKnown(memory.get(JAVA_BYTE, EntryLayout.KIND_AT))) {
      return Parsed.wrong("its kind " + memory.get(JAVA_BYTE, EntryLayout.KIND_AT) + " is unknown");
    }
    return new Parsed(new Entry(bytes, from, memory), "");
  }

  /**
   * What {@link #parse} found.
   *
   * @param entry null when something is wrong
   */
  record Parsed(@Nullable Entry entry, String wrong) {
    static Parsed wrong(String what) {
      return new Parsed(null, what);
    }
  }

  /** A copy of the whole entry. */
  byte[] bytes() {
    return Arrays.copyOfRange(bytes, from, from + sizeBytes());
  }

  /** Takes the entry into a chain. */
  void addTo(Chain chain) {
    chain.add(bytes, from, sizeBytes());
  }

  public MemorySegment memory() {
    return memory;
  }

  public int sizeBytes() {
    return (int) memory.byteSize();
  }

  public long op() {
    return EntryLayout.longAt(memory, EntryLayout.OP_AT);
  }

  public long epoch() {
    return EntryLayout.longAt(memory, EntryLayout.EPOCH_AT);
  }

  /** The batch's time, in nanoseconds since 1970. */
  public long timeNanos() {
    return EntryLayout.longAt(memory, EntryLayout.TIME_AT);
  }

  public int rulesVersion() {
    return Short.toUnsignedInt(memory.get(JAVA_SHORT_UNALIGNED, EntryLayout.RULES_VERSION_AT));
  }

  public EntryKind kind() {
    return EntryKind.ofCode(memory.get(JAVA_BYTE, EntryLayout.KIND_AT));
  }

  public int requests() {
    return EntryLayout.intAt(memory, EntryLayout.REQUESTS_AT);
  }

  public int events() {
    return EntryLayout.intAt(memory, EntryLayout.EVENTS_AT);
  }

  public int outcomes() {
    return EntryLayout.intAt(memory, EntryLayout.OUTCOMES_AT);
  }

  public int batchBytes() {
    return EntryLayout.intAt(memory, EntryLayout.BATCH_LENGTH_AT);
  }

  /** The batch as it came. */
  public MemorySegment batch() {
    return memory.asSlice(EntryLayout.HEADER_BYTES, batchBytes());
  }

  public UUID group() {
    return new UUID(
        EntryLayout.longAt(memory, EntryLayout.GROUP_AT),
        EntryLayout.longAt(memory, EntryLayout.GROUP_AT + 8));
  }

  public long term() {
    return EntryLayout.longAt(memory, EntryLayout.TERM_AT);
  }

  public long index() {
    return EntryLayout.longAt(memory, EntryLayout.INDEX_AT);
  }

  /** The number of the status that the event was answered with; -1 is {@code created}. */
  public int status(int event) {
    int status = Byte.toUnsignedInt(memory.get(JAVA_BYTE, answerAt(event)));
    return status == EntryLayout.CREATED ? -1 : status;
  }

  /** With {@code id_already_failed}: the number of the status that the id failed with first. */
  public int originalStatus(int event) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, answerAt(event) + 1));
  }

  /** When the event, if it was created and not imported, was created. */
  public long timestamp(int event) {
    return timeNanos() - events() + event + 1;
  }

  /** Events that were created; of a pulse, reservations that it released. */
  public int created() {
    return EntryLayout.intAt(memory, EntryLayout.CREATED_AT);
  }

  /**
   * The event that outcome {@code i} belongs to; of a pulse, its number in the order of release.
   */
  public int outcomeEvent(int i) {
    return memory.get(JAVA_INT_UNALIGNED, outcomeAt(i));
  }

  /** The transfer as it is stored, where that is more than its event says. */
  public Transfer outcome(int i) {
    return TransferRecord.read(memory, outcomeRecordAt(i));
  }

  /** Where in {@link #memory()} that record lies. */
  long outcomeRecordAt(int i) {
    return outcomeAt(i) + EntryLayout.OUTCOME_HEADER_BYTES;
  }

  /** What that transfer took from what was pending; 0 unless it posts, voids or expires. */
  public UInt128 released(int i) {
    return Records128.read(memory, outcomeAt(i) + EntryLayout.OUTCOME_RELEASED);
  }

  /** The period whose details it erased; null unless it is a {@link EntryKind#DESTRUCTION}. */
  public @Nullable DetailsPeriod destroyedPeriod() {
    return kind() == EntryKind.DESTRUCTION
        ? Request.destroyedPeriod(batch(), Batch.HEADER_BYTES + Batch.REQUEST_HEADER_BYTES)
        : null;
  }

  /** Walks over all events in order. */
  public void forEachEvent(EventVisitor visitor) {
    if (kind() != EntryKind.BATCH) {
      return;
    }
    MemorySegment batch = batch();
    long at = Batch.HEADER_BYTES;
    int event = 0;
    for (int request = 0; request < requests(); request++) {
      RequestKind kind =
          Batch.requestKind(batch, at) == RequestKind.CREATE_ACCOUNTS.code()
              ? RequestKind.CREATE_ACCOUNTS
              : RequestKind.CREATE_TRANSFERS;
      long eventsAt = EntryLayout.HEADER_BYTES + at + Batch.REQUEST_HEADER_BYTES;
      int count = Batch.requestEventCount(batch, at);
      for (int i = 0; i < count; i++) {
        long recordAt = eventsAt + Request.HEADER_BYTES + (long) i * Request.EVENT_BYTES;
        visitor.event(request, kind, event++, recordAt);
      }
      at += Batch.REQUEST_HEADER_BYTES + Batch.requestLength(batch, at);
    }
  }

  private long answerAt(int event) {
    return EntryLayout.answersAt(batchBytes()) + (long) event * EntryLayout.ANSWER_BYTES;
  }

  private long outcomeAt(int i) {
    return EntryLayout.outcomesAt(batchBytes(), events()) + (long) i * EntryLayout.OUTCOME_BYTES;
  }
}
