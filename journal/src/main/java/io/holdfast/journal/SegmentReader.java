package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a segment from its beginning, entry by entry, each checked before it is given out. Where
 * the file is not what was written it stops and says where and why; {@link #ending} tells how it
 * came to its end. For one thread.
 */
final class SegmentReader implements AutoCloseable {
  private static final int WINDOW_BYTES = 1 << 20;
  private static final int CONTENT_BYTES_MAX = EntryLayout.BYTES_MAX;

  private final Path file;
  private final DiskFile in;
  private final long sizeBytes;
  private final @Nullable SegmentHeader header;
  private final @Nullable FrameCipher cipher;
  private @Nullable SegmentOpening opening;
  private final byte[] window;
  private final ByteBuffer fields;
  private long windowAt; // where in the file the window begins
  private int windowBytes;
  private long offset; // of the next frame
  private long entryOffset; // of the entry given out last
  private long wholeUntil; // after the last whole entry
  private long nextOp;
  private @Nullable Ending ending;

  /** How a segment ended. */
  sealed interface Ending {
    /** With a trailer: nothing will ever follow. */
    record Sealed(SegmentTrailer trailer) implements Ending {}

    /** After a whole entry, with nothing behind it. */
    record Open() implements Ending {}

    /** With something that is not what was written there. */
    record Broken(long offset, String what) implements Ending {}
  }

  private SegmentReader(Path file, DiskFile in, DataKey dataKey) throws IOException {
    this.file = file;
    this.in = in;
    this.sizeBytes = in.sizeBytes();
    this.window = new byte[(int) Math.min(WINDOW_BYTES, sizeBytes)];
    this.fields = ByteBuffer.wrap(window).order(ByteOrder.LITTLE_ENDIAN);
    byte[] head = new byte[SegmentHeader.BYTES];
    int read = in.read(ByteBuffer.wrap(head), 0);
    FileFormat.check(file, head, SegmentHeader.MAGIC, SegmentHeader.VERSION);
    this.header = read < head.length ? null : SegmentHeader.parse(head);
    if (header == null) {
      this.cipher = null;
      this.ending = new Ending.Broken(0, "its header is not whole");
      return;
    }
    if (!header.keyIdHex().equals(dataKey.keyIdHex())) {
      throw JournalFaults.wrongKey(file, header.keyIdHex(), dataKey.keyIdHex());
    }
    this.cipher = header.cipher(dataKey);
    this.nextOp = header.firstOp();
    this.offset = SegmentHeader.BYTES;
    readOpening();
  }

  /**
   * Opens a segment; one without a whole header ends at once.
   *
   * @throws HoldfastException codes {@code wrong-data-key}, {@code format-unknown}
   */
  static SegmentReader open(Disk disk, Path file, DataKey dataKey) throws IOException {
    DiskFile in = disk.openForReading(file);
    try {
      return new SegmentReader(file, in, dataKey);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  Path file() {
    return file;
  }

  /** Null when it is not whole. */
  @Nullable SegmentHeader header() {
    return header;
  }

  /** Null when it is not whole. */
  @Nullable SegmentOpening opening() {
    return opening;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** Where the entry given out last begins. */
  long entryOffset() {
    return entryOffset;
  }

  /** Where the last whole entry, or else the opening, ends; 0 without a whole opening. */
  long wholeUntil() {
    return wholeUntil;
  }

  /** How it ended; null while there may be more. */
  @Nullable Ending ending() {
    return ending;
  }

  /** The next entry; null at the end. */
  @Nullable Entry next() throws IOException {
    if (ending != null) {
      return null;
    }
    if (offset == sizeBytes) {
      ending = new Ending.Open();
      return null;
    }
    long began = offset;
    int kind = frameKind();
    if (kind == FrameLayout.KIND_TRAILER) {
      readTrailer(began);
      return null;
    }
    byte[] content = content(FrameLayout.KIND_ENTRY, nextOp);
    if (content == null) {
      return null;
    }
    Entry.Parsed parsed = Entry.parse(content);
    Entry entry = parsed.entry();
    if (entry == null || entry.op() != nextOp) {
      broken(began, entry == null ? parsed.wrong() : "it holds op " + entry.op());
      return null;
    }
    nextOp++;
    entryOffset = began;
    wholeUntil = offset;
    return entry;
  }

  /** The trailer alone, read from the end of the file; null when it is not sealed. */
  @Nullable SegmentTrailer trailer() throws IOException {
    if (ending instanceof Ending.Broken
        || sizeBytes < SegmentHeader.BYTES + SegmentTrailer.SEALED_BYTES) {
      return null;
    }
    long back = offset;
    Ending endingBefore = ending;
    offset = sizeBytes - SegmentTrailer.SEALED_BYTES;
    byte[] content =
        frameKind() == FrameLayout.KIND_TRAILER ? content(FrameLayout.KIND_TRAILER, -1) : null;
    offset = back;
    ending = endingBefore;
    return content == null ? null : SegmentTrailer.parse(content);
  }

  private void readOpening() throws IOException {
    byte[] content = content(FrameLayout.KIND_OPENING, nextOp);
    if (content == null) {
      return;
    }
    opening = SegmentOpening.parse(content);
    if (opening == null) {
      broken(SegmentHeader.BYTES, "its opening is not laid out as one");
      return;
    }
    wholeUntil = offset;
  }

  private void readTrailer(long began) throws IOException {
    byte[] content = content(FrameLayout.KIND_TRAILER, nextOp - 1);
    if (content == null) {
      return;
    }
    SegmentTrailer trailer = SegmentTrailer.parse(content);
    if (trailer == null || trailer.lastOp() != nextOp - 1 || offset != sizeBytes) {
      broken(began, "its trailer does not fit what it ends");
      return;
    }
    ending = new Ending.Sealed(trailer);
  }

  /** The kind of the frame at {@link #offset}; -1 when there is none. */
  private int frameKind() throws IOException {
    int at = load(FrameLayout.HEADER_BYTES);
    return at < 0 ? -1 : window[at + FrameLayout.KIND_AT];
  }

  /** Opens all frames of one content; null, and an ending, when one of them is not whole. */
  private byte @Nullable [] content(int kind, long op) throws IOException {
    byte[] content = new byte[FrameLayout.CONTENT_BYTES_MAX];
    int have = 0;
    while (true) {
      int at = load(FrameLayout.HEADER_BYTES);
      if (at < 0) {
        return broken(offset, "it ends within the header of a frame");
      }
      int length = fields.getInt(at + FrameLayout.LENGTH_AT);
      int flags = window[at + FrameLayout.FLAGS_AT];
      if (length < 0 || length > FrameLayout.CONTENT_BYTES_MAX) {
        return broken(offset, "a frame has " + length + " bytes");
      }
      at = load(length + FrameLayout.OVERHEAD_BYTES);
      if (at < 0) {
        return broken(offset, "it ends within a frame");
      }
      if (fields.getInt(at + FrameLayout.CRC_AT) != FrameCipher.crc(window, at, length)) {
        return broken(offset, "the checksum of a frame does not fit");
      }
      long frameOp = fields.getLong(at + FrameLayout.OP_AT);
      if (window[at + FrameLayout.KIND_AT] != kind
          || (op >= 0 && frameOp != op)
          || (have == 0) != ((flags & FrameLayout.FIRST) != 0)) {
        return broken(offset, "a frame of op " + frameOp + " where op " + op + " goes on");
      }
      if (have + length > CONTENT_BYTES_MAX) {
        return broken(offset, "an entry larger than any");
      }
      if (content.length < have + length) {
        content = Arrays.copyOf(content, entryBytes(content, have + length));
      }
      if (cipher == null || !cipher.open(window, at, length, offset, content, have)) {
        return broken(offset, "the seal of a frame does not fit");
      }
      have += length;
      offset += length + FrameLayout.OVERHEAD_BYTES;
      if ((flags & FrameLayout.LAST) != 0) {
        return content.length == have ? content : Arrays.copyOf(content, have);
      }
    }
  }

  /** What the first frame of an entry says about its length, if that can be. */
  private static int entryBytes(byte[] content, int atLeast) {
    int says =
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt(EntryLayout.LENGTH_AT);
    return says >= atLeast && says <= CONTENT_BYTES_MAX ? says : CONTENT_BYTES_MAX;
  }

  private byte @Nullable [] broken(long at, String what) {
    ending = new Ending.Broken(at, what);
    return null;
  }

  /** Brings so many bytes from {@link #offset} on into the window; -1 when the file has fewer. */
  private int load(int bytes) throws IOException {
    if (offset + bytes > sizeBytes) {
      return -1;
    }
    if (offset < windowAt || offset + bytes > windowAt + windowBytes) {
      windowAt = offset;
      windowBytes = in.read(ByteBuffer.wrap(window), offset);
      if (windowBytes < bytes) {
        return -1;
      }
    }
    return (int) (offset - windowAt);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
