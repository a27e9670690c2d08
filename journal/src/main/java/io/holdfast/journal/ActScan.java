package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a whole reading of one file of the site's log found.
 *
 * @param header null when it is not whole
 * @param acts those that are whole, up to where the file is not what was written
 * @param chain after the last of them
 * @param wholeUntil where the last of them ends
 * @param broken where and why the file is not what was written; null if it is
 */
record ActScan(
    Path file,
    @Nullable ActHeader header,
    List<Act> acts,
    byte[] chain,
    long wholeUntil,
    long sizeBytes,
    @Nullable Broken broken) {

  /**
   * Where a file is not what was written.
   *
   * @param unfinished whether it can be what a crash left of the one act that was being written
   */
  record Broken(long offset, String what, boolean unfinished) {}

  /** The number of the last whole act. */
  long last() {
    return header == null ? 0 : header.first() - 1 + acts.size();
  }

  static ActScan of(Disk disk, Path file, DataKey dataKey) throws IOException {
    byte[] bytes;
    long size;
    try (DiskFile in = disk.openForReading(file)) {
      size = in.sizeBytes();
      bytes = new byte[(int) Math.min(size, ActWriter.FILE_BYTES + 1L)];
      in.read(ByteBuffer.wrap(bytes), 0);
    }
    ActHeader header = ActHeader.parse(bytes);
    if (header == null || size > ActWriter.FILE_BYTES) {
      String what = header == null ? "its header is not whole" : "it is larger than any";
      boolean unfinished = header == null && size <= ActHeader.BYTES;
      return new ActScan(
          file, null, List.of(), new byte[Chain.BYTES], 0, size, new Broken(0, what, unfinished));
    }
    if (!header.keyIdHex().equals(dataKey.keyIdHex())) {
      throw JournalFaults.wrongKey(file, header.keyIdHex(), dataKey.keyIdHex());
    }
    return scan(file, header, header.cipher(dataKey), bytes);
  }

  private static ActScan scan(Path file, ActHeader header, FrameCipher cipher, byte[] bytes) {
    ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<Act> acts = new ArrayList<>();
    byte[] chain = header.chainBefore();
    int at = ActHeader.BYTES;
    Broken broken = null;
    while (at < bytes.length && broken == null) {
      long number = header.first() + acts.size();
      byte[] content = content(cipher, fields, bytes, at, number);
      Act act = content == null ? null : Act.parse(content, header.node());
      if (content == null || act == null || act.number() != number) {
        broken =
            new Broken(
                at, "act " + number + " is not whole", unfinished(fields, bytes, at, number));
      } else {
        acts.add(act);
        chain = Act.chain(chain, content);
        at += content.length + FrameLayout.OVERHEAD_BYTES;
      }
    }
    return new ActScan(file, header, acts, chain, at, bytes.length, broken);
  }

  private static byte @Nullable [] content(
      FrameCipher cipher, ByteBuffer fields, byte[] bytes, int at, long number) {
    if (!isFrame(fields, bytes, at) || fields.getLong(at + FrameLayout.OP_AT) != number) {
      return null;
    }
    int length = fields.getInt(at + FrameLayout.LENGTH_AT);
    byte[] content = new byte[length];
    return cipher.open(bytes, at, length, at, content, 0) ? content : null;
  }

  /** Whether a frame lies here, as far as can be told without its key. */
  private static boolean isFrame(ByteBuffer fields, byte[] bytes, int at) {
    if (at + FrameLayout.OVERHEAD_BYTES > bytes.length) {
      return false;
    }
    int length = fields.getInt(at + FrameLayout.LENGTH_AT);
    return length > 0
        && length <= FrameLayout.CONTENT_BYTES_MAX
        && at + length + FrameLayout.OVERHEAD_BYTES <= bytes.length
        && bytes[at + FrameLayout.KIND_AT] == FrameLayout.KIND_ENTRY
        && bytes[at + FrameLayout.FLAGS_AT] == (FrameLayout.FIRST | FrameLayout.LAST)
        && fields.getInt(at + FrameLayout.CRC_AT) == FrameCipher.crc(bytes, at, length);
  }

  /** Each act is synced before the next one is written: behind a torn one there is none. */
  private static boolean unfinished(ByteBuffer fields, byte[] bytes, int from, long number) {
    if (bytes.length - from > FrameLayout.FRAME_BYTES_MAX) {
      return false;
    }
    for (int at = from; at < bytes.length; at++) {
      if (isFrame(fields, bytes, at)
          && (at == from || fields.getLong(at + FrameLayout.OP_AT) > number)) {
        return false; // one with a checksum that fits and a seal that does not is no torn one, too
      }
    }
    return true;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ActScan scan
        && file.equals(scan.file)
        && acts.equals(scan.acts)
        && Arrays.equals(chain, scan.chain);
  }

  @Override
  public int hashCode() {
    return file.hashCode();
  }
}
