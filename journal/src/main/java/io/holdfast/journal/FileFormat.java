package io.holdfast.journal;

import io.holdfast.kernel.HoldfastException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * What the headers of segments, runs and checkpoints have in common, in every version there will
 * ever be: so a file of a later version is told from a damaged one.
 *
 * <pre>
 * 0 magic (4)   4 version (2)   …   124 CRC-32C of bytes 0 to 123 (4)
 * </pre>
 */
final class FileFormat {
  private static final int HEADER_BYTES = 128;
  private static final int VERSION_AT = 4;
  private static final int CRC_AT = 124;

  private FileFormat() {}

  /**
   * Refuses a header that is whole and of another version.
   *
   * @throws HoldfastException code {@code format-unknown}
   */
  static void check(Path file, byte[] header, int magic, short version) {
    ByteBuffer from = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    CRC32C crc = new CRC32C();
    crc.update(header, 0, CRC_AT);
    int found = Short.toUnsignedInt(from.getShort(VERSION_AT));
    if (header.length == HEADER_BYTES
        && from.getInt(0) == magic
        && from.getInt(CRC_AT) == (int) crc.getValue()
        && found != version) {
      throw new HoldfastException(
          "format-unknown",
          file + " is of version " + found + ", and this Holdfast knows version " + version,
          "it was written by a later Holdfast: use that, or a later one. Nothing was changed");
    }
  }
}
