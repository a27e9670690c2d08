package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Opens single frames of one segment by their places. For one thread. */
final class SegmentFrames implements AutoCloseable {
  private final Path file;
  private final DiskFile in;
  private final FrameCipher cipher;
  private final byte[] frame = new byte[FrameLayout.FRAME_BYTES_MAX];
  private final ByteBuffer fields = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);

  private SegmentFrames(Path file, DiskFile in, FrameCipher cipher) {
    this.file = file;
    this.in = in;
    this.cipher = cipher;
  }

  static SegmentFrames open(Disk disk, Path file, DataKey dataKey) throws IOException {
    DiskFile in = disk.openForReading(file);
    try {
      byte[] head = new byte[SegmentHeader.BYTES];
      int read = in.read(ByteBuffer.wrap(head), 0);
      SegmentHeader header = read < head.length ? null : SegmentHeader.parse(head);
      if (header == null) {
        throw JournalFaults.damaged(file, 0, "its header is not whole");
      }
      if (!header.keyIdHex().equals(dataKey.keyIdHex())) {
        throw JournalFaults.wrongKey(file, header.keyIdHex(), dataKey.keyIdHex());
      }
      return new SegmentFrames(file, in, header.cipher(dataKey));
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  Path file() {
    return file;
  }

  /** Opens the frame of this op at {@code offset}; returns how many bytes {@code into} got. */
  int read(long offset, long op, byte[] into) throws IOException {
    int read = in.read(ByteBuffer.wrap(frame), offset);
    int length = read < FrameLayout.OVERHEAD_BYTES ? -1 : fields.getInt(FrameLayout.LENGTH_AT);
    if (length < 0
        || length > FrameLayout.CONTENT_BYTES_MAX
        || length + FrameLayout.OVERHEAD_BYTES > read
        || fields.getInt(FrameLayout.CRC_AT) != FrameCipher.crc(frame, 0, length)
        || frame[FrameLayout.KIND_AT] != FrameLayout.KIND_ENTRY
        || fields.getLong(FrameLayout.OP_AT) != op
        || !cipher.open(frame, 0, length, offset, into, 0)) {
      throw JournalFaults.damaged(file, offset, "a frame of op " + op + " is not what was written");
    }
    return length;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
