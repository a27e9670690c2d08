package io.holdfast.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The end of a run: where its footer lies.
 *
 * <pre>
 *  0 place (16, as every block)   16 magic "HFIT" (4)   20 version = 1 (4)
 * 24 offset of the footer (8)     32 bytes of its content (4)   36 reserved, 0 (4)
 * 40 SHA-256 of the SHA-256 of each block, the footer's too (32)
 * </pre>
 *
 * @param digest two runs that agree in it are the same
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares or prints it
record RunTail(int number, long footerOffset, int footerBytes, byte[] digest) {
  static final int BYTES = 72;
  static final int SEALED_BYTES = BYTES + FrameLayout.OVERHEAD_BYTES;
  private static final int MAGIC = 'H' | 'F' << 8 | 'I' << 16 | 'T' << 24;
  private static final int VERSION = 1;

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .position(RunLayout.BLOCK_HEAD_BYTES)
        .putInt(MAGIC)
        .putInt(VERSION)
        .putLong(footerOffset)
        .putInt(footerBytes)
        .putInt(0)
        .put(digest)
        .array();
  }

  static @Nullable RunTail parse(byte[] content) {
    ByteBuffer from = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int number = from.getInt(RunLayout.NUMBER_AT);
    from.position(RunLayout.BLOCK_HEAD_BYTES);
    if (from.getInt() != MAGIC || from.getInt() != VERSION) {
      return null;
    }
    long footerOffset = from.getLong();
    int footerBytes = from.getInt();
    from.getInt();
    byte[] digest = new byte[Chain.BYTES];
    from.get(digest);
    return new RunTail(number, footerOffset, footerBytes, digest);
  }
}
