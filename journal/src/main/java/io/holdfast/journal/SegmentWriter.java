package io.holdfast.journal;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Writes one segment, entry after entry. What is appended is in the file after {@link #flush} and
 * durable after {@link #sync}. For one thread.
 */
final class SegmentWriter implements AutoCloseable {
  /** Large enough that writing costs nothing beside sealing. */
  private static final int FLUSHED_FROM_BYTES = 256 * 1024;

  private final SegmentHeader header;
  private final long segmentBytes;
  private final FrameCipher cipher;
  private final DiskFile out;
  private byte[] buffer = new byte[64 * 1024];
  private int buffered;
  private long flushedBytes;
  private long lastOp;
  private long events;
  private long created;
  private long firstTime;
  private long lastTime;

  private SegmentWriter(SegmentHeader header, DataKey dataKey, long segmentBytes, DiskFile out) {
    this.header = header;
    this.segmentBytes = segmentBytes;
    this.cipher = header.cipher(dataKey);
    this.out = out;
    this.lastOp = header.firstOp() - 1;
  }

  /** Makes a new segment, durable as soon as this returns. */
  static SegmentWriter create(
      Disk disk,
      Path directory,
      SegmentHeader header,
      SegmentOpening opening,
      DataKey dataKey,
      long segmentBytes)
      throws IOException {
    Path file = SegmentFiles.file(directory, header.firstOp());
    DiskFile out = disk.create(file, Disk.Access.OWNER);
    try {
      SegmentWriter writer = new SegmentWriter(header, dataKey, segmentBytes, out);
      byte[] head = header.encode();
      System.arraycopy(head, 0, writer.buffer, 0, head.length);
      writer.buffered = head.length;
      writer.seal(FrameLayout.KIND_OPENING, header.firstOp(), opening.encode());
      writer.sync();
      disk.syncDirectory(directory);
      return writer;
    } catch (IOException | RuntimeException e) {
      out.close();
      throw e;
    }
  }

  /** Goes on with a segment after the entries that {@code scan} found whole; cuts off the rest. */
  static SegmentWriter reopen(Disk disk, SegmentScan scan, DataKey dataKey, long segmentBytes)
      throws IOException {
    DiskFile out = disk.open(scan.file());
    try {
      SegmentWriter writer = new SegmentWriter(scan.header(), dataKey, segmentBytes, out);
      writer.lastOp = scan.lastOp();
      writer.events = scan.events();
      writer.created = scan.created();
      writer.firstTime = scan.firstTime();
      writer.lastTime = scan.lastTime();
      writer.flushedBytes = scan.wholeUntil();
      if (out.sizeBytes() > scan.wholeUntil()) {
        out.truncate(scan.wholeUntil());
      }
      out.sync();
      return writer;
    } catch (IOException | RuntimeException e) {
      out.close();
      throw e;
    }
  }

  SegmentHeader header() {
    return header;
  }

  /** Whether an entry of this length, and then the trailer, still go in; one always does. */
  boolean hasRoomFor(int entryBytes) {
    return isEmpty()
        || sizeBytes() + FrameLayout.sealedBytes(entryBytes) + SegmentTrailer.SEALED_BYTES
            <= segmentBytes;
  }

  /** Whether it holds no entry. */
  boolean isEmpty() {
    return lastOp < header.firstOp();
  }

  /** Bytes of the segment so far, those not yet in the file included. */
  long sizeBytes() {
    return flushedBytes + buffered;
  }

  /**
   * Appends the next entry.
   *
   * @param digest of the entry, as the chain takes it in
   */
  void append(byte[] entries, int at, int length, byte[] digest) throws IOException {
    MemorySegment entry = MemorySegment.ofArray(entries);
    lastOp = entry.get(JAVA_LONG_UNALIGNED, at + EntryLayout.OP_AT);
    lastTime = entry.get(JAVA_LONG_UNALIGNED, at + EntryLayout.TIME_AT);
    if (lastOp == header.firstOp()) {
      firstTime = lastTime;
    }
    events += entry.get(JAVA_INT_UNALIGNED, at + EntryLayout.EVENTS_AT);
    created += entry.get(JAVA_INT_UNALIGNED, at + EntryLayout.CREATED_AT);
    makeRoom(length);
    buffered +=
        cipher.seal(
            FrameLayout.KIND_ENTRY,
            lastOp,
            digest,
            EntryLayout.GROUP_AT,
            EntryLayout.HEADER_BYTES - EntryLayout.GROUP_AT,
            entries,
            at,
            length,
            buffer,
            buffered,
            sizeBytes());
    if (buffered >= FLUSHED_FROM_BYTES) {
      flush();
    }
  }

  private void seal(int kind, long op, byte[] content) {
    makeRoom(content.length);
    buffered +=
        cipher.seal(
            kind,
            op,
            Chain.sha256().digest(content),
            0,
            0,
            content,
            0,
            content.length,
            buffer,
            buffered,
            sizeBytes());
  }

  private void makeRoom(int contentBytes) {
    int needed = buffered + (int) FrameLayout.sealedBytes(contentBytes);
    if (buffer.length < needed) {
      buffer = Arrays.copyOf(buffer, Math.max(needed, 2 * buffer.length));
    }
  }

  /** Hands what was appended to the file. */
  void flush() throws IOException {
    if (buffered > 0) {
      out.write(ByteBuffer.wrap(buffer, 0, buffered), flushedBytes);
      flushedBytes += buffered;
      buffered = 0;
    }
  }

  /** Returns when all that was appended is on disk. */
  void sync() throws IOException {
    flush();
    out.sync();
    out.letGo();
  }

  /** Ends the segment: nothing can be appended any more. */
  void finish(byte[] chain) throws IOException {
    SegmentTrailer trailer =
        new SegmentTrailer(header.firstOp(), lastOp, events, created, firstTime, lastTime, chain);
    seal(FrameLayout.KIND_TRAILER, lastOp, trailer.encode());
    sync();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
