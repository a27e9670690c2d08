package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Up to 8,189 events of one kind from one client, judged in order against the state that the
 * earlier ones left. Immutable; held in the encoding that is used on the wire, in the batch and in
 * the journal:
 *
 * <pre>
 *  0 magic "HFRQ" (4)   4 version = 1 (1)   5 kind (1)
 *  6 flags: 1 = has details, 2 = has details, sealed (2)
 *  8 event count (4)   12 bytes of details (4)
 * 16 events: count records of 128 bytes
 *  … if it has details: count lengths of 2 bytes each, then the details one after the other
 * </pre>
 *
 * Little-endian. See docs/formats/request.md.
 */
public final class Request {
  public static final int HEADER_BYTES = 16;
  public static final int EVENT_BYTES = 128;
  public static final int MAGIC = 'H' | 'F' << 8 | 'R' << 16 | 'Q' << 24;
  public static final byte VERSION = 1;
  public static final short FLAG_DETAILS = 1;

  /** Never set by a client: a batch has its details sealed, as {@link SealedDetails} says. */
  public static final short FLAG_SEALED_DETAILS = 2;

  private static final int DESTRUCTION_BYTES = 32;

  static final int KIND_AT = 5;
  public static final int FLAGS_AT = 6;
  static final int EVENT_COUNT_AT = 8;
  public static final int DETAILS_BYTES_AT = 12;

  private static final String TOO_LARGE_HINT = "send fewer events or shorter details at once";

  private final byte[] bytes;
  private final RequestKind kind;
  private final int eventCount;
  private final int sealedBytes;

  private Request(byte[] bytes, RequestKind kind, int eventCount) {
    this.bytes = bytes;
    this.kind = kind;
    this.eventCount = eventCount;
    this.sealedBytes = bytes.length + SealedDetails.HEAD_BYTES * plainDetails();
  }

  /**
   * Checks the encoding and takes the bytes as they are; the caller must not change them
   * afterwards.
   *
   * @throws HoldfastException code {@code malformed-request} naming the field and what is allowed,
   *     or {@code request-too-large}
   */
  public static Request parse(byte[] bytes) {
    MemorySegment segment = MemorySegment.ofArray(bytes);
    RequestKind kind = check(segment, false);
    Request request = new Request(bytes, kind, segment.get(JAVA_INT_UNALIGNED, EVENT_COUNT_AT));
    if (request.sealedBytes > Limits.REQUEST_BYTES_MAX) {
      throw new HoldfastException(
          "request-too-large",
          "the request has "
              + bytes.length
              + " bytes and, with "
              + SealedDetails.HEAD_BYTES
              + " more for each transfer with details, "
              + request.sealedBytes
              + "; allowed: at most "
              + Limits.REQUEST_BYTES_MAX,
          TOO_LARGE_HINT);
    }
    return request;
  }

  /** As {@link #parse}; of another node of the site, which also hands on what operators ask. */
  public static Request parseOfNode(byte[] bytes) {
    return isDestruction(MemorySegment.ofArray(bytes))
        ? new Request(bytes, RequestKind.DESTROY_DETAILS, 0)
        : parse(bytes);
  }

  /** The same request with its details sealed: {@code bytes} is its encoding with flag 2. */
  public static Request ofSealed(byte[] bytes) {
    MemorySegment segment = MemorySegment.ofArray(bytes);
    RequestKind kind = check(segment, true);
    return new Request(bytes, kind, segment.get(JAVA_INT_UNALIGNED, EVENT_COUNT_AT));
  }

  /** Destroys the keys of all details of a period that came so far. */
  public static Request destroyDetails(DetailsPeriod period) {
    byte[] bytes =
        Arrays.copyOf(encode(RequestKind.DESTROY_DETAILS, 0, 0, false), DESTRUCTION_BYTES);
    MemorySegment.ofArray(bytes).set(JAVA_INT_UNALIGNED, HEADER_BYTES, period.code());
    return new Request(bytes, RequestKind.DESTROY_DETAILS, 0);
  }

  static boolean isDestruction(MemorySegment request) {
    return request.byteSize() == DESTRUCTION_BYTES
        && request.get(JAVA_INT_UNALIGNED, 0) == MAGIC
        && request.get(JAVA_BYTE, KIND_AT) == RequestKind.DESTROY_DETAILS.code()
        && request.get(JAVA_INT_UNALIGNED, EVENT_COUNT_AT) == 0
        && DetailsPeriod.isValid(request.get(JAVA_INT_UNALIGNED, HEADER_BYTES));
  }

  /** The period that the destruction at {@code requestAt} names. */
  public static DetailsPeriod destroyedPeriod(MemorySegment batch, long requestAt) {
    return new DetailsPeriod(batch.get(JAVA_INT_UNALIGNED, requestAt + HEADER_BYTES));
  }

  /** Whether the request at {@code requestAt} has sealed details. */
  static boolean hasSealedDetails(MemorySegment batch, long requestAt) {
    return (batch.get(JAVA_SHORT_UNALIGNED, requestAt + FLAGS_AT) & FLAG_SEALED_DETAILS) != 0;
  }

  /**
   * Checks the encoding of a request with events, and says what these are.
   *
   * @param inBatch whether it comes from a batch, where details may be sealed
   */
  static RequestKind check(MemorySegment segment, boolean inBatch) {
    long length = segment.byteSize();
    if (length < HEADER_BYTES) {
      throw malformed("length", length, "at least " + HEADER_BYTES + " bytes");
    }
    int magic = segment.get(JAVA_INT_UNALIGNED, 0);
    if (magic != MAGIC) {
      throw malformed("magic", Integer.toUnsignedLong(magic), "the four bytes HFRQ");
    }
    int version = Byte.toUnsignedInt(segment.get(JAVA_BYTE, 4));
    if (version != VERSION) {
      throw malformed("version", version, "1");
    }
    int kindCode = Byte.toUnsignedInt(segment.get(JAVA_BYTE, KIND_AT));
    RequestKind kind =
        switch (kindCode) {
          case 1 -> RequestKind.CREATE_ACCOUNTS;
          case 2 -> RequestKind.CREATE_TRANSFERS;
          default ->
              throw malformed("kind", kindCode, "1 (create accounts) or 2 (create transfers)");
        };
    int flags = Short.toUnsignedInt(segment.get(JAVA_SHORT_UNALIGNED, FLAGS_AT));
    if (flags > FLAG_DETAILS && !(inBatch && flags == FLAG_SEALED_DETAILS)) {
      throw malformed("flags", flags, "0, or 1 for details");
    }
    int count = segment.get(JAVA_INT_UNALIGNED, EVENT_COUNT_AT);
    if (count < 1 || count > Limits.REQUEST_EVENTS_MAX) {
      throw malformed(
          "event count", Integer.toUnsignedLong(count), "1 to " + Limits.REQUEST_EVENTS_MAX);
    }
    checkDetails(segment, kind, flags, count, segment.get(JAVA_INT_UNALIGNED, DETAILS_BYTES_AT));
    if (length > Limits.REQUEST_BYTES_MAX) {
      throw new HoldfastException(
          "request-too-large",
          "the request has " + length + " bytes; allowed: at most " + Limits.REQUEST_BYTES_MAX,
          TOO_LARGE_HINT);
    }
    return kind;
  }

  private static void checkDetails(
      MemorySegment segment, RequestKind kind, int flags, int count, int detailsBytes) {
    boolean hasDetails = flags != 0;
    if (hasDetails && kind != RequestKind.CREATE_TRANSFERS) {
      throw malformed("flags", flags, "0: only transfers have details");
    }
    if (!hasDetails && detailsBytes != 0) {
      throw malformed("bytes of details", Integer.toUnsignedLong(detailsBytes), "0 without flag 1");
    }
    long events = HEADER_BYTES + (long) count * EVENT_BYTES;
    long expected = events + (hasDetails ? 2L * count + Integer.toUnsignedLong(detailsBytes) : 0);
    if (segment.byteSize() != expected) {
      throw malformed("length", segment.byteSize(), expected + " bytes for what the header says");
    }
    int head = flags == FLAG_SEALED_DETAILS ? SealedDetails.HEAD_BYTES : 0;
    if (hasDetails) {
      long sum = 0;
      for (int i = 0; i < count; i++) {
        int length = Short.toUnsignedInt(segment.get(JAVA_SHORT_UNALIGNED, events + 2L * i));
        if (length > 0 && length <= head) {
          throw malformed("length of sealed details of event " + i, length, "more than " + head);
        }
        checkDetailsLength(i, Math.max(0, length - head));
        sum += length;
      }
      if (sum != detailsBytes) {
        throw malformed(
            "bytes of details",
            Integer.toUnsignedLong(detailsBytes),
            "the sum of the lengths, " + sum);
      }
    }
  }

  private static void checkDetailsLength(int event, int length) {
    if (length > Limits.DETAILS_BYTES_MAX) {
      throw malformed(
          "length of details of event " + event, length, "at most " + Limits.DETAILS_BYTES_MAX);
    }
  }

  public static Request ofAccounts(List<Account> accounts) {
    byte[] bytes = encode(RequestKind.CREATE_ACCOUNTS, accounts.size(), 0, false);
    MemorySegment segment = MemorySegment.ofArray(bytes);
    for (int i = 0; i < accounts.size(); i++) {
      AccountRecord.write(accounts.get(i), segment, HEADER_BYTES + (long) i * EVENT_BYTES);
    }
    return parse(bytes);
  }

  public static Request ofTransfers(List<Transfer> transfers) {
    return ofTransfers(transfers, null);
  }

  /**
   * @param details of each transfer in order, empty where it has none; null when none has any
   */
  public static Request ofTransfers(List<Transfer> transfers, @Nullable List<byte[]> details) {
    int count = transfers.size();
    int detailsBytes = 0;
    for (int i = 0; details != null && i < count; i++) {
      checkDetailsLength(i, details.get(i).length);
      detailsBytes += details.get(i).length;
    }
    byte[] bytes = encode(RequestKind.CREATE_TRANSFERS, count, detailsBytes, detailsBytes > 0);
    MemorySegment segment = MemorySegment.ofArray(bytes);
    for (int i = 0; i < count; i++) {
      TransferRecord.write(transfers.get(i), segment, HEADER_BYTES + (long) i * EVENT_BYTES);
    }
    if (details != null && detailsBytes > 0) {
      int lengthAt = HEADER_BYTES + count * EVENT_BYTES;
      int at = lengthAt + 2 * count;
      for (byte[] one : details) {
        segment.set(JAVA_SHORT_UNALIGNED, lengthAt, (short) one.length);
        lengthAt += 2;
        System.arraycopy(one, 0, bytes, at, one.length);
        at += one.length;
      }
    }
    return parse(bytes);
  }

  /** Releases at most 8,189 expired pending transfers; how many, the ledger decides. */
  public static Request pulse() {
    byte[] bytes = encode(RequestKind.PULSE, 0, 0, false);
    return new Request(bytes, RequestKind.PULSE, 0);
  }

  public RequestKind kind() {
    return kind;
  }

  public int eventCount() {
    return eventCount;
  }

  public boolean hasDetails() {
    return bytes[FLAGS_AT] != 0;
  }

  /** Bytes of its encoding once its details are sealed. */
  public int sealedBytes() {
    return sealedBytes;
  }

  /** How many events have details that are not sealed. */
  private int plainDetails() {
    int with = 0;
    if (bytes[FLAGS_AT] == FLAG_DETAILS) {
      int lengths = HEADER_BYTES + eventCount * EVENT_BYTES;
      for (int i = 0; i < eventCount; i++) {
        with += (bytes[lengths + 2 * i] | bytes[lengths + 2 * i + 1]) != 0 ? 1 : 0;
      }
    }
    return with;
  }

  public int sizeBytes() {
    return bytes.length;
  }

  /** The encoding itself, not a copy: callers must not change it. */
  public byte[] bytes() {
    return bytes;
  }

  private static byte[] encode(RequestKind kind, int count, int detailsBytes, boolean details) {
    byte[] bytes =
        new byte[HEADER_BYTES + count * EVENT_BYTES + (details ? 2 * count + detailsBytes : 0)];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    segment.set(JAVA_INT_UNALIGNED, 0, MAGIC);
    bytes[4] = VERSION;
    bytes[5] = (byte) kind.code();
    segment.set(JAVA_SHORT_UNALIGNED, 6, details ? FLAG_DETAILS : 0);
    segment.set(JAVA_INT_UNALIGNED, 8, count);
    segment.set(JAVA_INT_UNALIGNED, 12, detailsBytes);
    return bytes;
  }

  private static HoldfastException malformed(String field, long value, String allowed) {
    return new HoldfastException(
        "malformed-request",
        "the request's " + field + " is " + value + "; allowed: " + allowed,
        "see docs/formats/request.md");
  }
}
