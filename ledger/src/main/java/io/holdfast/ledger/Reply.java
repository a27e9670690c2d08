package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.holdfast.kernel.HoldfastException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The answer to a request: the op that holds it and a result of 16 bytes per event, in order.
 *
 * <pre>
 *  0 timestamp (8): of the event created or found; else 0
 *  8 status (4)
 * 12 reserved (4): with id_already_failed the original status, else 0
 * </pre>
 *
 * On the wire the results follow a header of 16 bytes: magic "HFRP" (4), version = 1 (1), reserved
 * (3), op (8).
 *
 * @param op the position of the batch in the ledger's history
 * @param results the results one after the other; not to be changed
 */
public record Reply(long op, byte[] results) {
  public static final int HEADER_BYTES = 16;
  public static final int MAGIC = 'H' | 'F' << 8 | 'R' << 16 | 'P' << 24;
  public static final byte VERSION = 1;
  public static final int RESULT_BYTES = 16;
  public static final int TIMESTAMP = 0;
  public static final int STATUS = 8;
  public static final int RESERVED = 12;

  public int count() {
    return results.length / RESULT_BYTES;
  }

  /** The number of the status of event {@code i}. */
  public int statusCode(int i) {
    return segment().get(JAVA_INT_UNALIGNED, (long) i * RESULT_BYTES + STATUS);
  }

  /** The status of event {@code i} of a request that created transfers. */
  public TransferStatus transferStatus(int i) {
    return TransferStatus.ofCode(statusCode(i));
  }

  /** The status of event {@code i} of a request that created accounts. */
  public AccountStatus accountStatus(int i) {
    return AccountStatus.ofCode(statusCode(i));
  }

  /** When event {@code i} was created, in nanoseconds since the epoch; 0 if it was refused. */
  public long timestamp(int i) {
    return segment().get(JAVA_LONG_UNALIGNED, (long) i * RESULT_BYTES + TIMESTAMP);
  }

  /** With {@code id_already_failed}: the number of the status that the id failed with first. */
  public int reserved(int i) {
    return segment().get(JAVA_INT_UNALIGNED, (long) i * RESULT_BYTES + RESERVED);
  }

  /** The encoding on the wire. */
  public byte[] encode() {
    byte[] bytes = new byte[HEADER_BYTES + results.length];
    MemorySegment header = MemorySegment.ofArray(bytes);
    header.set(JAVA_INT_UNALIGNED, 0, MAGIC);
    bytes[4] = VERSION;
    header.set(JAVA_LONG_UNALIGNED, 8, op);
    System.arraycopy(results, 0, bytes, HEADER_BYTES, results.length);
    return bytes;
  }

  /** Reads back what {@link #encode} wrote; code {@code malformed-reply} if it is anything else. */
  public static Reply parse(byte[] bytes) {
    MemorySegment segment = MemorySegment.ofArray(bytes);
    if (bytes.length < HEADER_BYTES
        || (bytes.length - HEADER_BYTES) % RESULT_BYTES != 0
        || segment.get(JAVA_INT_UNALIGNED, 0) != MAGIC
        || bytes[4] != VERSION) {
      throw new HoldfastException(
          "malformed-reply",
          "what came back in " + bytes.length + " bytes is no reply of version 1",
          "see docs/formats/request.md");
    }
    return new Reply(
        segment.get(JAVA_LONG_UNALIGNED, 8), Arrays.copyOfRange(bytes, HEADER_BYTES, bytes.length));
  }

  private MemorySegment segment() {
    return MemorySegment.ofArray(results);
  }
}
