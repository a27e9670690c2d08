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
 * What some tails of one branch that follow each other hold, so that who looks for the end of the
 * stream, or plans a restore, need not read each of them. It only saves time: a tail is proved when
 * it is read, and without a group all are found one by one.
 *
 * <pre>
 *  0 "HFTG" (4)   4 version, 1 (2)   6 rows (2)   8 branch id (16)
 * then each row:
 *  0 first op (8)   8 last op (8)   16 time of the last op, ns since 1970 (8)
 * 24 bytes in files (8)   32 the segment in which the next one begins (8)   40 where in it (8)
 * </pre>
 *
 * Little-endian; see docs/formats/tail.md.
 */
public record TailGroup(UInt128 branch, List<Row> rows) {
  /** About a minute of a stream that is kept busy. */
  static final int ROWS_MAX = 64;

  private static final int MAGIC = 'H' | 'F' << 8 | 'T' << 16 | 'G' << 24;
  private static final short VERSION = 1;
  private static final int HEADER_BYTES = 24;
  private static final int ROW_BYTES = 48;

  /**
   * A tail.
   *
   * @param sizeBytes of the segment files that it holds
   * @param segmentFirstOp of the segment in which the next tail begins
   * @param offset where in its file
   */
  public record Row(
      long firstOp, long lastOp, long lastTime, long sizeBytes, long segmentFirstOp, long offset) {
    static Row of(Tail tail) {
      SegmentPiece last = tail.pieces().getLast();
      long size = tail.pieces().stream().mapToLong(SegmentPiece::sizeBytes).sum();
      return new Row(
          tail.firstOp(),
          tail.lastOp(),
          tail.lastTime(),
          size,
          last.ends() ? tail.lastOp() + 1 : last.segmentFirstOp(),
          last.ends() ? 0 : last.offset() + last.sizeBytes());
    }
  }

  public TailGroup {
    rows = List.copyOf(rows);
    Invariants.check(!rows.isEmpty() && rows.size() <= ROWS_MAX, "a group has rows, a few");
  }

  long firstOp() {
    return rows.getFirst().firstOp();
  }

  byte[] encode() {
    ByteBuffer to =
        ByteBuffer.allocate(HEADER_BYTES + rows.size() * ROW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(MAGIC).putShort(VERSION).putShort((short) rows.size());
    to.putLong(branch.lo()).putLong(branch.hi());
    for (Row row : rows) {
      to.putLong(row.firstOp()).putLong(row.lastOp()).putLong(row.lastTime());
      to.putLong(row.sizeBytes()).putLong(row.segmentFirstOp()).putLong(row.offset());
    }
    return to.array();
  }

  /**
   * Reads a group back.
   *
   * @param name of its object, for messages
   * @throws HoldfastException code {@code object-damaged}
   */
  static TailGroup decode(String name, byte[] content) {
    ByteBuffer from = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    try {
      boolean known = from.getInt() == MAGIC && from.getShort() == VERSION;
      int count = from.getShort();
      if (!known || count < 1 || count > ROWS_MAX) {
        throw damaged(name);
      }
      long lo = from.getLong();
      UInt128 branch = new UInt128(from.getLong(), lo);
      List<Row> rows = new ArrayList<>();
      long next = 0;
      for (int i = 0; i < count; i++) {
        Row row =
            new Row(
                from.getLong(),
                from.getLong(),
                from.getLong(),
                from.getLong(),
                from.getLong(),
                from.getLong());
        if (row.firstOp() < 1 || row.lastOp() < row.firstOp() || (i > 0 && row.firstOp() != next)) {
          throw damaged(name);
        }
        rows.add(row);
        next = row.lastOp() + 1;
      }
      if (from.hasRemaining()) {
        throw damaged(name);
      }
      return new TailGroup(branch, rows);
    } catch (BufferUnderflowException e) {
      throw damaged(name);
    }
  }

  static boolean isOne(byte[] content) {
    return Tail.begins(content, MAGIC);
  }

  private static HoldfastException damaged(String name) {
    return new HoldfastException(
        "object-damaged",
        name + " is no list of tails",
        "it may be of a later version of Holdfast");
  }
}
