package io.holdfast.journal;

import io.holdfast.kernel.HoldfastException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A stretch of a segment file, sealed again from its piece: the same bytes as before, by their
 * digest.
 *
 * @param header of its segment
 * @param firstOp of its entries; 0 when it has none
 * @param lastOp of its entries; 0 when it has none
 * @param bytes of the file from the offset on, and perhaps others behind them
 * @param contents in order
 */
record SealedPiece(
    SegmentHeader header,
    long offset,
    long firstOp,
    long lastOp,
    byte[] bytes,
    int sizeBytes,
    List<Content> contents) {

  /**
   * What lies in a piece.
   *
   * @param kind as {@link FrameLayout} numbers them
   * @param from where it begins in the piece
   * @param inFile where its frames begin in the file
   * @param digest SHA-256 of it; of an entry, of what is chained
   */
  record Content(int kind, long op, int from, int length, long inFile, byte[] digest) {}

  long segmentFirstOp() {
    return header.firstOp();
  }

  /**
   * Seals a piece.
   *
   * @param sha256 that the bytes must have
   * @throws HoldfastException code {@code piece-damaged}
   */
  static SealedPiece of(byte[] content, byte[] sha256, DataKey dataKey) {
    return of(content, sha256, dataKey, byte[]::new);
  }

  /**
   * As the other.
   *
   * @param room gives a buffer of at least so many bytes
   */
  static SealedPiece of(byte[] content, byte[] sha256, DataKey dataKey, IntFunction<byte[]> room) {
    return new Sealing(content, dataKey).seal(sha256, room);
  }

  private static final class Sealing {
    private final byte[] content;
    private final ByteBuffer fields;
    private final SegmentHeader header;
    private final FrameCipher cipher;
    private final long offset;
    private final MessageDigest digests = Chain.sha256();
    private final List<Content> contents = new ArrayList<>();
    private long firstOp;
    private long lastOp;

    Sealing(byte[] content, DataKey dataKey) {
      this.content = content;
      this.fields = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
      if (content.length < PieceLayout.HEADER_BYTES || fields.getInt(0) != PieceLayout.MAGIC) {
        throw JournalFaults.pieceDamaged("it is not laid out as a piece");
      }
      int version = fields.getInt(PieceLayout.VERSION_AT);
      if (version != PieceLayout.VERSION) {
        throw JournalFaults.pieceDamaged(
            "it is of version " + version + ", and this Holdfast knows " + PieceLayout.VERSION);
      }
      SegmentHeader parsed =
          SegmentHeader.parse(
              Arrays.copyOfRange(content, PieceLayout.SEGMENT_HEADER_AT, PieceLayout.OFFSET_AT));
      this.offset = fields.getLong(PieceLayout.OFFSET_AT);
      if (parsed == null || parsed.firstOp() <= 0 || offset < 0) {
        throw JournalFaults.pieceDamaged("the header of its segment is not whole");
      }
      if (!parsed.keyIdHex().equals(dataKey.keyIdHex())) {
        throw JournalFaults.pieceDamaged(
            "it was sealed under data key "
                + parsed.keyIdHex()
                + "; the key given is "
                + dataKey.keyIdHex());
      }
      this.header = parsed;
      this.cipher = header.cipher(dataKey);
    }

    SealedPiece seal(byte[] sha256, IntFunction<byte[]> room) {
      int size = sizeInFile();
      byte[] bytes = room.apply(size);
      int written = 0;
      if (offset == 0) {
        System.arraycopy(content, PieceLayout.SEGMENT_HEADER_AT, bytes, 0, SegmentHeader.BYTES);
        written = SegmentHeader.BYTES;
      }
      for (int at = PieceLayout.HEADER_BYTES; at < content.length; at = next(at)) {
        written += seal(at, bytes, written);
      }
      digests.update(bytes, 0, size);
      if (!Arrays.equals(digests.digest(), sha256)) {
        throw JournalFaults.pieceDamaged(
            "bytes "
                + offset
                + " to "
                + (offset + size)
                + " of segment "
                + header.firstOp()
                + " do not come out as they were");
      }
      return new SealedPiece(header, offset, firstOp, lastOp, bytes, size, contents);
    }

    private int seal(int at, byte[] into, int written) {
      int kind = fields.getInt(at + PieceLayout.KIND_AT);
      int length = fields.getInt(at + PieceLayout.LENGTH_AT);
      long op = fields.getLong(at + PieceLayout.OP_AT);
      int from = at + PieceLayout.CONTENT_HEADER_BYTES;
      boolean entry = kind == FrameLayout.KIND_ENTRY;
      if (entry) {
        firstOp = firstOp == 0 ? op : firstOp;
        lastOp = op;
        EntryLayout.updateChained(digests, content, from, length);
      } else {
        digests.update(content, from, length);
      }
      byte[] digest = digests.digest();
      contents.add(new Content(kind, op, from, length, offset + written, digest));
      return cipher.seal(
          kind,
          op,
          digest,
          entry ? EntryLayout.GROUP_AT : 0,
          entry ? EntryLayout.HEADER_BYTES - EntryLayout.GROUP_AT : 0,
          content,
          from,
          length,
          into,
          written,
          offset + written);
    }

    /** How much of the file it makes, once all of it is laid out as a piece. */
    private int sizeInFile() {
      long size = offset == 0 ? SegmentHeader.BYTES : 0;
      for (int at = PieceLayout.HEADER_BYTES; at < content.length; at = next(at)) {
        size += FrameLayout.sealedBytes(checkedLength(at));
      }
      if (size != fields.getLong(PieceLayout.SIZE_AT) || size > Integer.MAX_VALUE) {
        throw JournalFaults.pieceDamaged("its contents do not have the size that it names");
      }
      return (int) size;
    }

    private int checkedLength(int at) {
      int left = content.length - at - PieceLayout.CONTENT_HEADER_BYTES;
      int kind = left < 0 ? -1 : fields.getInt(at + PieceLayout.KIND_AT);
      int length = left < 0 ? -1 : fields.getInt(at + PieceLayout.LENGTH_AT);
      int least = kind == FrameLayout.KIND_ENTRY ? EntryLayout.HEADER_BYTES : 0;
      if (kind < FrameLayout.KIND_OPENING
          || kind > FrameLayout.KIND_TRAILER
          || length < least
          || length > left) {
        throw JournalFaults.pieceDamaged("what lies at byte " + at + " of it is no content");
      }
      return length;
    }

    private int next(int at) {
      return at + PieceLayout.CONTENT_HEADER_BYTES + fields.getInt(at + PieceLayout.LENGTH_AT);
    }
  }
}
