package io.holdfast.journal;

import io.holdfast.kernel.DiskFile;
import io.holdfast.ledger.FrozenState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/**
 * Writes a checkpoint's file from its header on: pages in their order, then the footer. For one
 * thread.
 */
final class CheckpointFrames {
  private static final int FLUSHED_FROM_BYTES = 256 * 1024;

  /** So that whoever syncs beside a checkpoint being written waits for no more than this. */
  private static final int SYNCED_FROM_BYTES = 512 << 10;

  private final CheckpointHeader header;
  private final FrameCipher cipher;
  private final DiskFile out;
  private final LongConsumer pace;
  private final PageDigests digests = new PageDigests();
  private final byte[] buffer = new byte[FLUSHED_FROM_BYTES + FrameLayout.FRAME_BYTES_MAX];
  private int pages;
  private int buffered;
  private long flushedBytes;
  private long unsyncedBytes;

  /**
   * @param out an empty file
   * @param pace is told how many bytes went to the file, and may wait
   */
  CheckpointFrames(CheckpointHeader header, DataKey dataKey, DiskFile out, LongConsumer pace) {
    this.header = header;
    this.cipher = header.cipher(dataKey);
    this.out = out;
    this.pace = pace;
    System.arraycopy(header.encode(), 0, buffer, 0, CheckpointHeader.BYTES);
    this.buffered = CheckpointHeader.BYTES;
  }

  /** Appends the next page. */
  void page(byte[] content) throws IOException {
    byte[] digest = digests.add(pages, content, FrozenState.PAGE_BYTES);
    seal(FrameLayout.KIND_PAGE, pages, digest, content);
    pages++;
    if (buffered >= FLUSHED_FROM_BYTES) {
      flush();
    }
  }

  /** What all pages give together with the first bytes of the footer. */
  byte[] root(CheckpointFooter footer) {
    return digests.root(footer);
  }

  /** Ends the file; all of it is on disk when this returns. */
  void finish(CheckpointFooter footer) throws IOException {
    byte[] last = footer.encode();
    seal(FrameLayout.KIND_CHECKPOINT, header.pages(), Chain.sha256().digest(last), last);
    flush();
    out.sync();
    out.letGo();
  }

  /** Bytes of the file so far. */
  long sizeBytes() {
    return flushedBytes + buffered;
  }

  private void seal(int kind, long number, byte[] digest, byte[] content) {
    buffered +=
        cipher.seal(
            kind,
            number,
            digest,
            0,
            0,
            content,
            0,
            content.length,
            buffer,
            buffered,
            flushedBytes + buffered);
  }

  private void flush() throws IOException {
    out.write(ByteBuffer.wrap(buffer, 0, buffered), flushedBytes);
    flushedBytes += buffered;
    unsyncedBytes += buffered;
    if (unsyncedBytes >= SYNCED_FROM_BYTES) {
      out.sync();
      unsyncedBytes = 0;
    }
    pace.accept(buffered);
    buffered = 0;
  }
}
