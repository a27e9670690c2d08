package io.holdfast.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The end of a sealed segment: what it holds, and the chain after it.
 *
 * <pre>
 *  0 magic "HFJT" (4)   4 version = 1 (4)   8 first op (8)   16 last op (8)
 * 24 events (8)        32 created (8)
 * 40 time of the first entry (8)           48 time of the last entry (8)
 * 56 chain after the last entry (32)
 * </pre>
 */
record SegmentTrailer(
    long firstOp,
    long lastOp,
    long events,
    long created,
    long firstTime,
    long lastTime,
    byte[] chain) {
  static final int BYTES = 88;
  static final int SEALED_BYTES = BYTES + FrameLayout.OVERHEAD_BYTES;
  private static final int MAGIC = 'H' | 'F' << 8 | 'J' << 16 | 'T' << 24;
  private static final int VERSION = 1;

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MAGIC)
        .putInt(VERSION)
        .putLong(firstOp)
        .putLong(lastOp)
        .putLong(events)
        .putLong(created)
        .putLong(firstTime)
        .putLong(lastTime)
        .put(chain)
        .array();
  }

  static @Nullable SegmentTrailer parse(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length != BYTES || from.getInt() != MAGIC || from.getInt() != VERSION) {
      return null;
    }
    long firstOp = from.getLong();
    long lastOp = from.getLong();
    long events = from.getLong();
    long created = from.getLong();
    long firstTime = from.getLong();
    long lastTime = from.getLong();
    byte[] chain = new byte[Chain.BYTES];
    from.get(chain);
    return new SegmentTrailer(firstOp, lastOp, events, created, firstTime, lastTime, chain);
  }
}
