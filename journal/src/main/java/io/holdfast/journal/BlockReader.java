package io.holdfast.journal;

import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads and opens the blocks of a run. For one thread. */
final class BlockReader {
  private final Path file;
  private final DiskFile in;
  private final RunHeader header;
  private final DataKey dataKey;
  private final byte[] frame = new byte[FrameLayout.FRAME_BYTES_MAX];
  private final ByteBuffer fields = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
  private @Nullable FrameCipher cipher; // made when the first block is read

  BlockReader(Path file, DiskFile in, RunHeader header, DataKey dataKey) {
    this.file = file;
    this.in = in;
    this.header = header;
    this.dataKey = dataKey;
  }

  /**
   * Reads a block of a section.
   *
   * @param rowsAt where in its content the rows begin
   * @param rowBytes the least that a row takes
   * @return how many rows it has
   * @throws HoldfastException code {@code index-damaged}
   */
  int read(Section section, int block, byte[] into, int rowsAt, int rowBytes) throws IOException {
    long offset = section.offset(block);
    int contentBytes = section.contentBytes(block);
    read(section.kind(), section.firstBlock() + block, offset, contentBytes, into);
    int rows = ByteBuffer.wrap(into).order(ByteOrder.LITTLE_ENDIAN).getInt(RunLayout.ROWS_AT);
    if (rows <= 0 || rows > (contentBytes - rowsAt) / rowBytes) {
      throw damaged(offset, "a block has " + rows + " rows");
    }
    return rows;
  }

  /**
   * Reads a content of any length.
   *
   * @param number of the block; -1 for any
   * @throws HoldfastException code {@code index-damaged}
   */
  void read(int kind, int number, long offset, int contentBytes, byte[] into) throws IOException {
    int done = 0;
    long at = offset;
    do {
      int part = Math.min(FrameLayout.CONTENT_BYTES_MAX, contentBytes - done);
      int flags =
          (done == 0 ? FrameLayout.FIRST : 0)
              | (done + part == contentBytes ? FrameLayout.LAST : 0);
      readFrame(kind, number, flags, at, part, into, done);
      done += part;
      at += part + FrameLayout.OVERHEAD_BYTES;
    } while (done < contentBytes);
  }

  private void readFrame(
      int kind, int number, int flags, long offset, int length, byte[] into, int intoAt)
      throws IOException {
    if (length < RunLayout.BLOCK_HEAD_BYTES && intoAt == 0) {
      throw damaged(offset, "a block has " + length + " bytes");
    }
    int bytes = length + FrameLayout.OVERHEAD_BYTES;
    if (in.read(ByteBuffer.wrap(frame, 0, bytes), offset) < bytes) {
      throw damaged(offset, "it ends within a block");
    }
    if (fields.getInt(FrameLayout.CRC_AT) != FrameCipher.crc(frame, 0, length)) {
      throw damaged(offset, "the checksum of a block does not fit");
    }
    long found = fields.getLong(FrameLayout.OP_AT);
    if (fields.getInt(FrameLayout.LENGTH_AT) != length
        || frame[FrameLayout.KIND_AT] != kind
        || frame[FrameLayout.FLAGS_AT] != flags
        || (number >= 0 && found != number)) {
      throw damaged(offset, "block " + found + " where block " + number + " was written");
    }
    if (cipher == null) {
      cipher = header.cipher(dataKey);
    }
    if (!cipher.open(frame, 0, length, offset, into, intoAt)) {
      throw damaged(offset, "the seal of a block does not fit");
    }
  }

  HoldfastException damaged(long offset, String what) {
    return IndexFaults.damaged(file, offset, what);
  }
}
