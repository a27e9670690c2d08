package io.holdfast.vault;

import io.holdfast.journal.SegmentPiece;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Invariants;
import io.holdfast.kernel.UInt128;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * What the continuous stream sends at once: all ops from the first to the last one, as stretches of
 * the segment files that they lie in. There is at least one op; a stretch without one is the end of
 * a segment, and goes with the ops that follow it.
 *
 * <pre>
 *  0 "HFTL" (4)   4 version, 1 (2)   6 pieces (2)   8 branch id (16)   24 first op (8)
 * 32 last op (8)  40 time of the first op, ns since 1970 (8)   48 of the last one (8)
 * then each piece:
 *  0 first op of the segment (8)   8 offset in its file (8)   16 bytes in its file (8)
 * 24 first op (8)  32 last op (8)  40 time of the first op (8)  48 of the last one (8)
 * 56 1 when the segment ends with it (4)   60 length of the content (4)
 * 64 SHA-256 of the stretch of the file (32)   96 content
 * </pre>
 *
 * Little-endian; see docs/formats/tail.md.
 */
public record Tail(
    UInt128 branch,
    long firstOp,
    long lastOp,
    long firstTime,
    long lastTime,
    List<SegmentPiece> pieces) {
  private static final int MAGIC = 'H' | 'F' << 8 | 'T' << 16 | 'L' << 24;
  private static final short VERSION = 1;
  private static final int HEADER_BYTES = 56;
  private static final int PIECE_HEADER_BYTES = 96;
  private static final int SHA256_BYTES = 32;

  public Tail {
    pieces = List.copyOf(pieces);
    Invariants.check(
        firstOp >= 1 && lastOp >= firstOp && !pieces.isEmpty(), "a tail has ops", firstOp, lastOp);
  }

  /** Of pieces that follow each other; at least one has ops. */
  static Tail of(UInt128 branch, List<SegmentPiece> pieces) {
    List<SegmentPiece> filled = pieces.stream().filter(piece -> piece.firstOp() > 0).toList();
    SegmentPiece first = filled.getFirst();
    SegmentPiece last = filled.getLast();
    return new Tail(
        branch, first.firstOp(), last.lastOp(), first.firstTime(), last.lastTime(), pieces);
  }

  /** Whether content is that of a tail, of whatever version. */
  static boolean isOne(byte[] content) {
    return begins(content, MAGIC);
  }

  static boolean begins(byte[] content, int magic) {
    return content.length >= Integer.BYTES
        && ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt() == magic;
  }

  byte[] encode() {
    int size = HEADER_BYTES;
    for (SegmentPiece piece : pieces) {
      size += PIECE_HEADER_BYTES + piece.content().length;
    }
    ByteBuffer to = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(MAGIC).putShort(VERSION).putShort((short) pieces.size());
    to.putLong(branch.lo()).putLong(branch.hi());
    to.putLong(firstOp).putLong(lastOp).putLong(firstTime).putLong(lastTime);
    for (SegmentPiece piece : pieces) {
      to.putLong(piece.segmentFirstOp()).putLong(piece.offset()).putLong(piece.sizeBytes());
      to.putLong(piece.firstOp()).putLong(piece.lastOp());
      to.putLong(piece.firstTime()).putLong(piece.lastTime());
      to.putInt(piece.ends() ? 1 : 0).putInt(piece.content().length);
      to.put(piece.sha256()).put(piece.content());
    }
    return to.array();
  }

  /**
   * Reads a tail back.
   *
   * @param name of its object, for messages
   * @throws HoldfastException code {@code object-damaged}
   */
  static Tail decode(String name, byte[] bytes) {
    try {
      ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      if (from.getInt() != MAGIC || from.getShort() != VERSION) {
        throw damaged(name, "it is no tail of version " + VERSION);
      }
      int count = Short.toUnsignedInt(from.getShort());
      long lo = from.getLong();
      UInt128 branch = new UInt128(from.getLong(), lo);
      long firstOp = from.getLong();
      long lastOp = from.getLong();
      long firstTime = from.getLong();
      long lastTime = from.getLong();
      List<SegmentPiece> pieces = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        pieces.add(piece(from));
      }
      if (from.hasRemaining() || firstOp < 1 || lastOp < firstOp || pieces.isEmpty()) {
        throw damaged(name, "its fields do not fit each other");
      }
      return new Tail(branch, firstOp, lastOp, firstTime, lastTime, pieces);
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw damaged(name, "it ends too early");
    }
  }

  private static SegmentPiece piece(ByteBuffer from) {
    long segmentFirstOp = from.getLong();
    long offset = from.getLong();
    long sizeBytes = from.getLong();
    long firstOp = from.getLong();
    long lastOp = from.getLong();
    long firstTime = from.getLong();
    long lastTime = from.getLong();
    boolean ends = from.getInt() == 1;
    int length = from.getInt();
    byte[] sha256 = new byte[SHA256_BYTES];
    from.get(sha256);
    if (length < 0 || length > from.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] content = new byte[length];
    from.get(content);
    return new SegmentPiece(
        segmentFirstOp,
        offset,
        sizeBytes,
        firstOp,
        lastOp,
        firstTime,
        lastTime,
        ends,
        sha256,
        content);
  }

  private static HoldfastException damaged(String name, String why) {
    return new HoldfastException(
        "object-damaged",
        name + " is damaged: " + why,
        "take a backup: it holds what the object held, and the stream goes on after it");
  }
}
