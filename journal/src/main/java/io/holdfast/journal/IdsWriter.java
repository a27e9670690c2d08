package io.holdfast.journal;

import io.holdfast.kernel.Invariants;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes the section of ids, which come in order, and fills the filter. For one thread. */
final class IdsWriter {
  /** Ids that go into the filter together, for each lies in another block of it. */
  private static final int HASHES = 64;

  private final BlockWriter out;
  private final IdHash hash;
  private final IdFilter filter;
  private final byte[] content = new byte[FrameLayout.CONTENT_BYTES_MAX];
  private final ByteBuffer fields = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  private final Longs fences = new Longs();
  private final long[] hashes = new long[HASHES];
  private int hashed;
  private int rows;
  private long count;
  private long lastHi;
  private long lastLo;
  private long lastAddress;

  IdsWriter(BlockWriter out, IdHash hash, IdFilter filter) {
    this.out = out;
    this.hash = hash;
    this.filter = filter;
  }

  void add(long hi, long lo, long address) throws IOException {
    if (count == 0 || hi != lastHi || lo != lastLo) {
      Invariants.check(
          count == 0
              || Long.compareUnsigned(lastHi, hi) < 0
              || (lastHi == hi && Long.compareUnsigned(lastLo, lo) < 0),
          "ids are in order");
      if (hashed == hashes.length) {
        fillFilter();
      }
      hashes[hashed++] = hash.of(hi, lo);
    } else {
      Invariants.check(lastAddress <= address, "addresses of an id are in order");
    }
    if (rows == RunLayout.IDS_PER_BLOCK) {
      flush();
    }
    if (rows == 0) {
      fences.add(hi);
      fences.add(lo);
    }
    int at = RunLayout.IDS_AT + rows * RunLayout.ID_BYTES;
    fields.putLong(at, lo).putLong(at + 8, hi).putLong(at + 16, address);
    rows++;
    count++;
    lastHi = hi;
    lastLo = lo;
    lastAddress = address;
  }

  /** Writes what is left. */
  void finish() throws IOException {
    fillFilter();
    if (rows > 0) {
      flush();
    }
  }

  private void fillFilter() {
    filter.addAll(hashes, hashed);
    hashed = 0;
  }

  private void flush() throws IOException {
    fields.putInt(RunLayout.ROWS_AT, rows);
    out.add(FrameLayout.KIND_INDEX_IDS, content, RunLayout.IDS_AT + rows * RunLayout.ID_BYTES);
    rows = 0;
  }

  /** Rows so far. */
  long count() {
    return count;
  }

  /** The first id of each block: upper half, lower half. */
  long[] fences() {
    return fences.toArray();
  }

  /** Upper half of the largest id; 0 without any. */
  long lastHi() {
    return lastHi;
  }

  long lastLo() {
    return lastLo;
  }
}
