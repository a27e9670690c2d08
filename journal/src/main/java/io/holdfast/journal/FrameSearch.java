package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Tells a tail that was never finished from damage in the middle: behind damage, whole frames
 * follow.
 */
final class FrameSearch {
  private FrameSearch() {}

  /** Whether a whole frame lies anywhere between two offsets of a file. */
  static boolean anyBetween(Disk disk, Path file, long offset, long end) throws IOException {
    byte[] rest;
    try (DiskFile in = disk.openForReading(file)) {
      rest = new byte[(int) Math.max(0, end - offset)];
      in.read(ByteBuffer.wrap(rest), offset);
    }
    return anyIn(rest, 0, rest.length);
  }

  /** Whether a whole frame lies anywhere in these bytes, from one place until another. */
  static boolean anyIn(byte[] bytes, int from, int until) {
    ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = from; at + FrameLayout.OVERHEAD_BYTES <= until; at++) {
      if (isFrame(bytes, fields, at, until)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isFrame(byte[] rest, ByteBuffer fields, int at, int until) {
    int length = fields.getInt(at + FrameLayout.LENGTH_AT);
    int kind = rest[at + FrameLayout.KIND_AT];
    return length > 0
        && length <= FrameLayout.CONTENT_BYTES_MAX
        && kind >= FrameLayout.KIND_OPENING
        && kind <= FrameLayout.KIND_TRAILER
        && fields.getShort(at + 6) == 0
        && at + length + FrameLayout.OVERHEAD_BYTES <= until
        && fields.getInt(at + FrameLayout.CRC_AT) == FrameCipher.crc(rest, at, length);
  }
}
