package io.holdfast.journal;

import io.holdfast.kernel.Invariants;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** One thread's view of the ops of a run; it keeps the block it read last. */
final class OpsCursor {
  private final RunFooter footer;
  private final BlockReader reader;
  private final byte[] content = new byte[FrameLayout.CONTENT_BYTES_MAX];
  private final ByteBuffer fields = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  private int loaded = -1;
  private int rows;

  OpsCursor(RunFooter footer, BlockReader reader) {
    this.footer = footer;
    this.reader = reader;
  }

  long segment(long op) {
    check(op);
    int at = Arrays.binarySearch(footer.segments(), op);
    return footer.segments()[at >= 0 ? at : -at - 2];
  }

  long offset(long op) throws IOException {
    return Integer.toUnsignedLong(fields.getInt(row(op)));
  }

  long firstTimestamp(long op) throws IOException {
    int at = row(op);
    return movements(op) == 0 ? 0 : fields.getLong(at + 8);
  }

  long firstMovement(long op) throws IOException {
    return fields.getInt(row(op) + 4) + fields.getLong(RunLayout.FIRST_MOVEMENT_AT);
  }

  int movements(long op) throws IOException {
    int at = row(op);
    int next = at + RunLayout.OP_BYTES;
    boolean last = next == RunLayout.OPS_AT + rows * RunLayout.OP_BYTES;
    return fields.getInt(last ? RunLayout.MOVEMENTS_AT : next + 4) - fields.getInt(at + 4);
  }

  /**
   * The rows' times never fall, and each op without movements has that of the op before it: so the
   * op that a time belongs to is the first of those that have it.
   */
  long lastOpStartingAtOrBefore(long timestamp) throws IOException {
    int block = last(footer.times(), timestamp);
    if (block < 0) {
      return -1;
    }
    load(block);
    long time = time(lastRow(timestamp));
    if (time == 0) {
      return -1;
    }
    int first = last(footer.times(), time - 1);
    if (first >= 0) {
      load(first);
    }
    int row = first < 0 ? -1 : lastRow(time - 1);
    long before = first < 0 ? -1 : (long) first * RunLayout.OPS_PER_BLOCK + row;
    return footer.header().firstOp() + before + 1;
  }

  /** The last of rising numbers that is at most this; -1 if none is. */
  private static int last(long[] rising, long atMost) {
    int low = 0;
    int high = rising.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rising[middle] <= atMost) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** The last row of the block whose time is at most this; the first row's is. */
  private int lastRow(long atMost) {
    int low = 1;
    int high = rows;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (time(middle) <= atMost) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private long time(int row) {
    return fields.getLong(RunLayout.OPS_AT + row * RunLayout.OP_BYTES + 8);
  }

  /** Where the row of an op begins in the block, which is read if need be. */
  private int row(long op) throws IOException {
    check(op);
    long index = op - footer.header().firstOp();
    load((int) (index / RunLayout.OPS_PER_BLOCK));
    return RunLayout.OPS_AT + (int) (index % RunLayout.OPS_PER_BLOCK) * RunLayout.OP_BYTES;
  }

  private void check(long op) {
    Invariants.check(
        op >= footer.header().firstOp() && op <= footer.header().lastOp(), "the run has this op");
  }

  private void load(int block) throws IOException {
    if (block == loaded) {
      return;
    }
    loaded = -1;
    rows = reader.read(footer.ops(), block, content, RunLayout.OPS_AT, RunLayout.OP_BYTES);
    long left = footer.header().ops() - (long) block * RunLayout.OPS_PER_BLOCK;
    if (rows != Math.min(RunLayout.OPS_PER_BLOCK, left)) {
      throw reader.damaged(footer.ops().offset(block), "a block has " + rows + " ops");
    }
    loaded = block;
  }
}
