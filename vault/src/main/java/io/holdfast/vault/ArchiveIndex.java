package io.holdfast.vault;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an archive holds: the stretches of its file from behind the header up to the index, each
 * with its digest, and so, by the digest of the index, all of the file.
 *
 * <pre>
 * header, at the beginning of the file:
 *  0 magic "HFAR" (4)   4 version = 1 (4)   8 0 (8)
 * index, behind the last stretch; for each stretch in order:
 *    length of the name (2), the name in ASCII, bytes (8), SHA-256 of them (32)
 * end of the file:
 *  0 magic "HFAE" (4)   4 version = 1 (4)   8 where the index begins (8)   16 its bytes (8)
 * 24 stretches (8)     32 SHA-256 of header, index, and bytes 0 to 31 of this (32)
 * </pre>
 *
 * Little-endian. A stretch without a name is one that was given up.
 */
record ArchiveIndex(List<Stretch> stretches) {
  static final int HEADER_BYTES = 16;
  static final int END_BYTES = 64;
  private static final int DIGESTED_END_BYTES = 32;
  private static final int DIGEST_BYTES = 32;
  private static final int STRETCH_BYTES = 2 + 8 + DIGEST_BYTES;
  private static final int MAGIC = 'H' | 'F' << 8 | 'A' << 16 | 'R' << 24;
  private static final int END_MAGIC = 'H' | 'F' << 8 | 'A' << 16 | 'E' << 24;
  private static final int VERSION = 1;

  ArchiveIndex {
    stretches = List.copyOf(stretches);
  }

  /**
   * An object, and where it lies.
   *
   * @param name empty if it was given up
   * @param sha256 in hex
   */
  record Stretch(String name, long offset, long sizeBytes, String sha256) {}

  /** Where the index lies, as the end of the file says. */
  record Place(long offset, long sizeBytes, long stretches) {}

  static byte[] header() {
    return ByteBuffer.allocate(HEADER_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MAGIC)
        .putInt(VERSION)
        .array();
  }

  /** Index and end, which follow the last stretch. */
  byte[] encode(long offset) {
    int bytes = stretches.stream().mapToInt(one -> STRETCH_BYTES + one.name().length()).sum();
    ByteBuffer to = ByteBuffer.allocate(bytes + END_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Stretch one : stretches) {
      to.putShort((short) one.name().length());
      to.put(one.name().getBytes(StandardCharsets.US_ASCII));
      to.putLong(one.sizeBytes()).put(HexFormat.of().parseHex(one.sha256()));
    }
    to.putInt(END_MAGIC).putInt(VERSION).putLong(offset).putLong(bytes).putLong(stretches.size());
    to.put(digest(header(), to.array(), bytes + DIGESTED_END_BYTES));
    return to.array();
  }

  private static byte[] digest(byte[] header, byte[] indexAndEnd, int length) {
    var sha256 = Digests.sha256();
    sha256.update(header);
    sha256.update(indexAndEnd, 0, length);
    return sha256.digest();
  }

  /** Where the index is; null when these are not the last bytes of an archive of such a size. */
  static @Nullable Place place(byte[] end, long fileBytes) {
    ByteBuffer from = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
    if (end.length != END_BYTES || from.getInt() != END_MAGIC || from.getInt() != VERSION) {
      return null;
    }
    Place place = new Place(from.getLong(), from.getLong(), from.getLong());
    return place.offset() < HEADER_BYTES
            || place.sizeBytes() < 0
            || place.sizeBytes() > Integer.MAX_VALUE - END_BYTES
            || place.offset() + place.sizeBytes() + END_BYTES != fileBytes
        ? null
        : place;
  }

  /** The index; null when header, index and end are not those that were written. */
  static @Nullable ArchiveIndex parse(byte[] header, byte[] indexAndEnd, Place place) {
    int digested = indexAndEnd.length - DIGEST_BYTES;
    ByteBuffer from = ByteBuffer.wrap(indexAndEnd).order(ByteOrder.LITTLE_ENDIAN);
    byte[] expected = new byte[DIGEST_BYTES];
    from.get(digested, expected);
    if (!Arrays.equals(expected, digest(header, indexAndEnd, digested))) {
      return null;
    }
    try {
      return parse(from.limit((int) place.sizeBytes()), place);
    } catch (BufferUnderflowException e) {
      return null;
    }
  }

  private static @Nullable ArchiveIndex parse(ByteBuffer from, Place place) {
    List<Stretch> stretches = new ArrayList<>();
    long offset = HEADER_BYTES;
    while (from.hasRemaining()) {
      byte[] name = new byte[Short.toUnsignedInt(from.getShort())];
      from.get(name);
      long size = from.getLong();
      byte[] sha256 = new byte[DIGEST_BYTES];
      from.get(sha256);
      stretches.add(
          new Stretch(
              new String(name, StandardCharsets.US_ASCII),
              offset,
              size,
              HexFormat.of().formatHex(sha256)));
      offset += size;
    }
    return offset == place.offset() && stretches.size() == place.stretches()
        ? new ArchiveIndex(stretches)
        : null;
  }
}
