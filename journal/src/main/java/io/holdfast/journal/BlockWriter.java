package io.holdfast.journal;

import io.holdfast.kernel.DiskFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Writes a run from its beginning to its end: the header, sealed blocks, the filter. A block's
 * number and offset go into its first bytes here. For one thread.
 */
final class BlockWriter {
  /** Large enough that writing costs nothing beside sealing. */
  private static final int FLUSHED_FROM_BYTES = 256 * 1024;

  /** So that whoever syncs beside a run being written waits for no more than this. */
  private static final int SYNCED_FROM_BYTES = 4 << 20;

  private final DiskFile out;
  private final FrameCipher cipher;
  private final LongConsumer pace;
  private final MessageDigest sha256 = Chain.sha256();
  private final MessageDigest all = Chain.sha256();
  private final byte[] digest = new byte[Chain.BYTES];
  private byte[] buffer = new byte[FLUSHED_FROM_BYTES + FrameLayout.FRAME_BYTES_MAX];
  private int buffered;
  private long flushedBytes;
  private long unsyncedBytes;
  private int blocks;

  /**
   * Begins a file that is empty.
   *
   * @param pace is told how many bytes went to the file, and may wait
   */
  BlockWriter(DiskFile out, FrameCipher cipher, LongConsumer pace) {
    this.out = out;
    this.cipher = cipher;
    this.pace = pace;
  }

  /** Where the next block will lie. */
  long offset() {
    return flushedBytes + buffered;
  }

  /** Blocks so far. */
  int blocks() {
    return blocks;
  }

  /** SHA-256 of the SHA-256 of each block so far. May be asked for once. */
  byte[] digest() {
    return all.digest();
  }

  void header(byte[] header) {
    System.arraycopy(header, 0, buffer, buffered, header.length);
    buffered += header.length;
  }

  /** Seals a block, whose number and offset are filled in, as one content. */
  void add(int kind, byte[] content, int length) throws IOException {
    ByteBuffer fields = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    fields.putInt(RunLayout.NUMBER_AT, blocks);
    fields.putLong(RunLayout.OFFSET_AT, offset());
    try {
      sha256.update(content, 0, length);
      sha256.digest(digest, 0, digest.length);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 has 32 bytes", e);
    }
    all.update(digest);
    int needed = buffered + Math.toIntExact(FrameLayout.sealedBytes(length));
    if (buffer.length < needed) {
      buffer = Arrays.copyOf(buffer, needed);
    }
    buffered +=
        cipher.seal(
            kind,
            blocks,
            digest,
            0,
            0,
            content,
            0,
            length,
            buffer,
            buffered,
            flushedBytes + buffered);
    blocks++;
    if (buffered >= FLUSHED_FROM_BYTES) {
      flush();
    }
  }

  /** Writes the filter, after zeros up to a multiple of 4096; returns where it begins. */
  long filter(MemorySegment bits) throws IOException {
    int zeros = (int) -offset() & (RunLayout.FILTER_PIECE_BYTES - 1);
    Arrays.fill(buffer, buffered, buffered + zeros, (byte) 0);
    buffered += zeros;
    flush();
    long began = flushedBytes;
    for (long at = 0; at < bits.byteSize(); at += FLUSHED_FROM_BYTES) {
      long bytes = Math.min(FLUSHED_FROM_BYTES, bits.byteSize() - at);
      write(bits.asSlice(at, bytes).asByteBuffer());
    }
    return began;
  }

  private void flush() throws IOException {
    write(ByteBuffer.wrap(buffer, 0, buffered));
    buffered = 0;
  }

  private void write(ByteBuffer from) throws IOException {
    int bytes = from.remaining();
    out.write(from, flushedBytes);
    flushedBytes += bytes;
    unsyncedBytes += bytes;
    if (unsyncedBytes >= SYNCED_FROM_BYTES) {
      sync();
    }
    pace.accept(bytes);
  }

  private void sync() throws IOException {
    out.sync();
    unsyncedBytes = 0;
  }

  /** Returns when all of it is on disk. */
  void finish() throws IOException {
    flush();
    sync();
  }
}
