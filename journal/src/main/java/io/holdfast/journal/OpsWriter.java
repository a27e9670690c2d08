package io.holdfast.journal;

import io.holdfast.kernel.Invariants;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes the section of ops, op after op. For one thread. */
final class OpsWriter {
  private static final long OFFSET_MAX = (1L << 32) - 1;

  private final BlockWriter out;
  private final byte[] content = new byte[FrameLayout.CONTENT_BYTES_MAX];
  private final ByteBuffer fields = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  private final Longs segments = new Longs();
  private final Longs times = new Longs();
  private int rows;
  private long op;
  private long movement; // number of the next
  private int movementsOfBlock;
  private long lastTime;

  OpsWriter(BlockWriter out, long firstOp, long firstMovement) {
    this.out = out;
    this.op = firstOp;
    this.movement = firstMovement;
  }

  /** Adds the next op; for the arguments see {@link RunBuilder#op}. */
  void add(long segmentFirstOp, long offset, long firstTimestamp, int movements)
      throws IOException {
    Invariants.check(offset >= 0 && offset <= OFFSET_MAX, "an entry begins in the first 4 GiB");
    if (segments.isEmpty() || segments.last() != segmentFirstOp) {
      Invariants.check(
          segments.isEmpty() ? segmentFirstOp <= op : segmentFirstOp == op,
          "a segment is named by its first op",
          op,
          segmentFirstOp);
      segments.add(segmentFirstOp);
    }
    if (movements > 0) {
      Invariants.check(firstTimestamp > lastTime, "times of movements rise");
      lastTime = firstTimestamp;
    }
    if (rows == RunLayout.OPS_PER_BLOCK) {
      flush();
    }
    if (rows == 0) {
      fields.putLong(RunLayout.FIRST_MOVEMENT_AT, movement);
      times.add(lastTime);
    }
    int at = RunLayout.OPS_AT + rows * RunLayout.OP_BYTES;
    fields.putInt(at, (int) offset).putInt(at + 4, movementsOfBlock).putLong(at + 8, lastTime);
    rows++;
    op++;
    movement += movements;
    movementsOfBlock += movements;
  }

  /** Writes what is left. */
  void finish() throws IOException {
    if (rows > 0) {
      flush();
    }
  }

  private void flush() throws IOException {
    fields.putInt(RunLayout.ROWS_AT, rows).putInt(RunLayout.MOVEMENTS_AT, movementsOfBlock);
    out.add(FrameLayout.KIND_INDEX_OPS, content, RunLayout.OPS_AT + rows * RunLayout.OP_BYTES);
    rows = 0;
    movementsOfBlock = 0;
  }

  long nextOp() {
    return op;
  }

  long nextMovement() {
    return movement;
  }

  /** The first op of each segment that holds an op of the run. */
  long[] segments() {
    return segments.toArray();
  }

  /** The time in the first row of each block. */
  long[] times() {
    return times.toArray();
  }
}
