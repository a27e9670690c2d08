package io.holdfast.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One thread's view of the ids of a run; it keeps the block it read last. */
final class IdsCursor {
  private final RunFooter footer;
  private final BlockReader reader;
  private final byte[] content = new byte[FrameLayout.CONTENT_BYTES_MAX];
  private final ByteBuffer fields = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  private int loaded = -1;
  private int rows;
  private int row; // of the scan

  IdsCursor(RunFooter footer, BlockReader reader) {
    this.footer = footer;
    this.reader = reader;
  }

  /** As {@link RunCursor#find}. */
  int find(long hi, long lo, long[] addresses) throws IOException {
    int block = Math.max(0, fencesBefore(hi, lo) - 1);
    int found = 0;
    for (boolean first = true; block < footer.ids().blocks(); block++, first = false) {
      if (!first && !isAtOrBefore(block, hi, lo)) {
        break;
      }
      load(block);
      int at = rowsBefore(hi, lo);
      while (at < rows && idHi(at) == hi && idLo(at) == lo) {
        if (found < addresses.length) {
          addresses[found] = address(at);
        }
        found++;
        at++;
      }
      if (at < rows) {
        break;
      }
    }
    return found;
  }

  /** How many blocks begin with a smaller id. */
  private int fencesBefore(long hi, long lo) {
    long[] fences = footer.idFences();
    int low = 0;
    int high = fences.length / 2;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (less(fences[2 * middle], fences[2 * middle + 1], hi, lo)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private boolean isAtOrBefore(int block, long hi, long lo) {
    return !less(hi, lo, footer.idFences()[2 * block], footer.idFences()[2 * block + 1]);
  }

  /** How many rows of the block have a smaller id. */
  private int rowsBefore(long hi, long lo) {
    int low = 0;
    int high = rows;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (less(idHi(middle), idLo(middle), hi, lo)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  static boolean less(long aHi, long aLo, long bHi, long bLo) {
    return aHi == bHi ? Long.compareUnsigned(aLo, bLo) < 0 : Long.compareUnsigned(aHi, bHi) < 0;
  }

  /** Goes to the first row of all; false without any. */
  boolean first() throws IOException {
    row = 0;
    if (footer.ids().blocks() == 0) {
      return false;
    }
    load(0);
    return true;
  }

  /** Goes to the row behind, after {@link #first} and with no {@link #find} since. */
  boolean next() throws IOException {
    if (row + 1 < rows) {
      row++;
      return true;
    }
    if (loaded + 1 >= footer.ids().blocks()) {
      return false;
    }
    load(loaded + 1);
    row = 0;
    return true;
  }

  long hi() {
    return idHi(row);
  }

  long lo() {
    return idLo(row);
  }

  long address() {
    return address(row);
  }

  private long idLo(int at) {
    return fields.getLong(RunLayout.IDS_AT + at * RunLayout.ID_BYTES);
  }

  private long idHi(int at) {
    return fields.getLong(RunLayout.IDS_AT + at * RunLayout.ID_BYTES + 8);
  }

  private long address(int at) {
    return fields.getLong(RunLayout.IDS_AT + at * RunLayout.ID_BYTES + 16);
  }

  private void load(int block) throws IOException {
    if (block == loaded) {
      return;
    }
    loaded = -1;
    rows = reader.read(footer.ids(), block, content, RunLayout.IDS_AT, RunLayout.ID_BYTES);
    long left = footer.header().ids() - (long) block * RunLayout.IDS_PER_BLOCK;
    if (rows != Math.min(RunLayout.IDS_PER_BLOCK, left)) {
      throw reader.damaged(footer.ids().offset(block), "a block has " + rows + " ids");
    }
    loaded = block;
  }
}
