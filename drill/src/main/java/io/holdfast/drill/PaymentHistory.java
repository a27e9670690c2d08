package io.holdfast.drill;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferRecord;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What one client sent and what it was told, a row per payment: written before it is sent,
 * completed when an answer came. One thread writes; others read once it has ended, or look at the
 * counters at any time. Rows of 168 bytes, little-endian, the same in memory and in the file:
 *
 * <pre>
 *   0 the transfer as sent (128)
 * 128 sent (8)         136 answered (8): ns of the machine's monotonic clock; 0 while open
 * 144 fate (4)         148 status (4)
 * 152 timestamp (8)    160 op (8)
 * </pre>
 */
public final class PaymentHistory {
  static final int ROW_BYTES = 168;

  private static final int SENT = 128;
  private static final int ANSWERED = 136;
  private static final int FATE = 144;
  private static final int STATUS = 148;
  private static final int TIMESTAMP = 152;
  private static final int OP = 160;
  private static final int ROWS_PER_CHUNK = 4_096;

  private final int client;
  private final List<MemorySegment> chunks = new ArrayList<>();
  private volatile int size;
  private volatile int successes;

  public PaymentHistory(int client) {
    this.client = client;
  }

  /** What became of a payment, as its client knows. */
  public enum Fate {
    /** Sent; nothing is known. */
    OPEN(0),
    /** The ledger gave a status. */
    JUDGED(1),
    /** Refused before the ledger judged it. */
    NOT_TAKEN(2),
    /** No answer by the deadline. */
    UNKNOWN(3);

    private final int code;

    Fate(int code) {
      this.code = code;
    }

    static Fate ofCode(int code) {
      for (Fate fate : values()) {
        if (fate.code == code) {
          return fate;
        }
      }
      throw new IllegalArgumentException("no fate has code " + code);
    }
  }

  /**
   * One row.
   *
   * @param again whether the client sent an id again that it had an answer for
   */
  public record Row(
      int client,
      Transfer sent,
      boolean again,
      long sentNanos,
      long answeredNanos,
      Fate fate,
      int status,
      long timestamp,
      long op) {
    /** Whether the client may rely on this payment. */
    public boolean acknowledged() {
      return fate == Fate.JUDGED && (status == Statuses.CREATED || status == Statuses.EXISTS);
    }
  }

  public int client() {
    return client;
  }

  /** Notes a payment that is about to be sent and returns its row. */
  int sending(Transfer transfer, boolean again, long nowNanos) {
    int row = size;
    if (row % ROWS_PER_CHUNK == 0) {
      chunks.add(MemorySegment.ofArray(new byte[ROWS_PER_CHUNK * ROW_BYTES]));
    }
    MemorySegment chunk = chunk(row);
    long at = at(row);
    TransferRecord.write(transfer, chunk, at);
    // A client never sets a timestamp, so the field is free to mark what is sent again.
    chunk.set(JAVA_LONG_UNALIGNED, at + TransferRecord.TIMESTAMP, again ? 1 : 0);
    chunk.set(JAVA_LONG_UNALIGNED, at + SENT, nowNanos);
    size = row + 1;
    return row;
  }

  void judged(int row, int status, long timestamp, long op, long nowNanos) {
    close(row, Fate.JUDGED, nowNanos);
    MemorySegment chunk = chunk(row);
    chunk.set(JAVA_INT_UNALIGNED, at(row) + STATUS, status);
    chunk.set(JAVA_LONG_UNALIGNED, at(row) + TIMESTAMP, timestamp);
    chunk.set(JAVA_LONG_UNALIGNED, at(row) + OP, op);
    if (status == Statuses.CREATED || status == Statuses.EXISTS) {
      countSuccess();
    }
  }

  void close(int row, Fate fate, long nowNanos) {
    chunk(row).set(JAVA_INT_UNALIGNED, at(row) + FATE, fate.code);
    chunk(row).set(JAVA_LONG_UNALIGNED, at(row) + ANSWERED, nowNanos);
  }

  private void countSuccess() {
    int before = successes; // one thread writes
    successes = before + 1;
  }

  /** Payments sent so far. */
  public int size() {
    return size;
  }

  /** Payments acknowledged so far. */
  public int successes() {
    return successes;
  }

  public Row row(int row) {
    MemorySegment chunk = chunk(row);
    long at = at(row);
    Transfer stored = TransferRecord.read(chunk, at);
    return new Row(
        client,
        unmarked(stored),
        stored.timestamp() != 0,
        chunk.get(JAVA_LONG_UNALIGNED, at + SENT),
        chunk.get(JAVA_LONG_UNALIGNED, at + ANSWERED),
        Fate.ofCode(chunk.get(JAVA_INT_UNALIGNED, at + FATE)),
        chunk.get(JAVA_INT_UNALIGNED, at + STATUS),
        chunk.get(JAVA_LONG_UNALIGNED, at + TIMESTAMP),
        chunk.get(JAVA_LONG_UNALIGNED, at + OP));
  }

  /** The id of a row, cheaper than the whole of it. */
  UInt128 id(int row) {
    MemorySegment chunk = chunk(row);
    return new UInt128(
        chunk.get(JAVA_LONG_UNALIGNED, at(row) + 8), chunk.get(JAVA_LONG_UNALIGNED, at(row)));
  }

  /** Keeps the history as evidence. */
  public void writeTo(Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        DataOutputStream data = new DataOutputStream(out)) {
      data.writeInt(client);
      data.writeInt(size);
      for (int row = 0; row < size; row++) {
        data.write((byte[]) chunk(row).heapBase().orElseThrow(), (int) at(row), ROW_BYTES);
      }
    }
  }

  /** Reads back what {@link #writeTo} kept. */
  public static PaymentHistory readFrom(Path file) throws IOException {
    try (DataInputStream data = new DataInputStream(Files.newInputStream(file))) {
      PaymentHistory history = new PaymentHistory(data.readInt());
      int rows = data.readInt();
      for (int row = 0; row < rows; row++) {
        if (row % ROWS_PER_CHUNK == 0) {
          history.chunks.add(MemorySegment.ofArray(new byte[ROWS_PER_CHUNK * ROW_BYTES]));
        }
        byte[] bytes = data.readNBytes(ROW_BYTES);
        MemorySegment.copy(
            MemorySegment.ofArray(bytes), 0, history.chunk(row), at(row), bytes.length);
        history.size = row + 1;
        if (history.row(row).acknowledged()) {
          history.countSuccess();
        }
      }
      return history;
    }
  }

  private MemorySegment chunk(int row) {
    return chunks.get(row / ROWS_PER_CHUNK);
  }

  private static long at(int row) {
    return (long) (row % ROWS_PER_CHUNK) * ROW_BYTES;
  }

  private static Transfer unmarked(Transfer t) {
    return new Transfer(
        t.id(),
        t.debitAccountId(),
        t.creditAccountId(),
        t.amount(),
        t.pendingId(),
        t.userData128(),
        t.userData64(),
        t.userData32(),
        t.timeout(),
        t.ledger(),
        t.code(),
        t.flags(),
        0);
  }
}
