package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Takes a segment apart into pieces, for who keeps it elsewhere. Every frame is checked on the way:
 * what is not what was written is {@code journal-damaged}, naming file and byte. A piece begins and
 * ends with whole contents, and depends on nothing but the file, where it begins and how much it is
 * to have at least. For one thread.
 */
public final class SegmentPieces implements AutoCloseable {
  private static final int WINDOW_BYTES = 1 << 20;
  private static final int EXPECTED_BYTES = 5 << 20;

  private final Path file;
  private final DiskFile in;
  private final long until;
  private final SegmentHeader header;
  private final byte[] headerBytes;
  private final FrameCipher cipher;
  private final byte[] window = new byte[WINDOW_BYTES];
  private final ByteBuffer fields = ByteBuffer.wrap(window).order(ByteOrder.LITTLE_ENDIAN);
  private final PieceWriter piece;
  private MessageDigest sha256 = Chain.sha256();
  private long windowAt; // where in the file the window begins
  private int windowBytes;
  private long offset; // of the next content
  private long nextOp = -1; // not known before the first content
  private long firstOp;
  private long lastOp;
  private long firstTime;
  private long lastTime;
  private boolean sealed;

  private SegmentPieces(Path file, DiskFile in, DataKey dataKey, long from, long until)
      throws IOException {
    this.file = file;
    this.in = in;
    this.until = Math.min(until, in.sizeBytes());
    this.offset = from;
    this.headerBytes = new byte[SegmentHeader.BYTES];
    int read = in.read(ByteBuffer.wrap(headerBytes), 0);
    FileFormat.check(file, headerBytes, SegmentHeader.MAGIC, SegmentHeader.VERSION);
    SegmentHeader parsed = read < headerBytes.length ? null : SegmentHeader.parse(headerBytes);
    if (parsed == null) {
      throw JournalFaults.damaged(file, 0, "its header is not whole");
    }
    if (!parsed.keyIdHex().equals(dataKey.keyIdHex())) {
      throw JournalFaults.wrongKey(file, parsed.keyIdHex(), dataKey.keyIdHex());
    }
    this.header = parsed;
    this.cipher = header.cipher(dataKey);
    this.piece = new PieceWriter(Math.clamp(2 * this.until, 1 << 10, EXPECTED_BYTES));
  }

  /**
   * Opens a segment.
   *
   * @param from where in the file to begin: 0, or the end of an earlier piece
   * @param until the file's size, or how much of it is on disk; the last piece ends with the last
   *     content that is whole before it. Who knows that the segment is sealed must see a piece that
   *     {@link SegmentPiece#ends}: without, its trailer is damaged
   * @throws HoldfastException codes {@code journal-damaged}, {@code wrong-data-key}, {@code
   *     format-unknown}
   */
  public static SegmentPieces open(Disk disk, Path file, DataKey dataKey, long from, long until)
      throws IOException {
    DiskFile in = disk.openForReading(file);
    try {
      return new SegmentPieces(file, in, dataKey, from, until);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /**
   * The next piece: at least this much of the file, or all that there is, and no less than one
   * content; null at the end.
   *
   * @throws HoldfastException code {@code journal-damaged}
   */
  public @Nullable SegmentPiece next(int bytesMin) throws IOException {
    long began = offset;
    firstOp = 0;
    lastOp = 0;
    firstTime = 0;
    lastTime = 0;
    sha256.reset();
    piece.begin(headerBytes, began);
    if (offset == 0) {
      sha256.update(headerBytes);
      offset = SegmentHeader.BYTES;
    }
    int contents = 0;
    while ((contents == 0 || offset - began < bytesMin) && content()) {
      contents++;
    }
    if (contents == 0) {
      offset = began;
      return null;
    }
    return new SegmentPiece(
        header.firstOp(),
        began,
        offset - began,
        firstOp,
        lastOp,
        firstTime,
        lastTime,
        sealed,
        sha256.digest(),
        piece.end(offset - began));
  }

  /** Takes the next content into the piece; false when no more is whole. */
  private boolean content() throws IOException {
    if (sealed) {
      if (offset < until) {
        throw damaged(offset, "something follows its trailer");
      }
      return false;
    }
    long at = offset; // of the next frame
    int kind = 0;
    long op = 0;
    MessageDigest before = copy(sha256);
    while (true) {
      int frame = frame(at);
      if (frame < 0) {
        if (at > offset) {
          piece.dropContent();
          sha256 = before;
        }
        return false;
      }
      int length = fields.getInt(frame + FrameLayout.LENGTH_AT);
      int flags = window[frame + FrameLayout.FLAGS_AT];
      boolean first = at == offset;
      if (first) {
        kind = window[frame + FrameLayout.KIND_AT];
        op = fields.getLong(frame + FrameLayout.OP_AT);
        checkOrder(kind, op);
        piece.beginContent(kind, op);
      }
      if (window[frame + FrameLayout.KIND_AT] != kind
          || fields.getLong(frame + FrameLayout.OP_AT) != op
          || first != ((flags & FrameLayout.FIRST) != 0)
          || piece.contentBytes() + length > EntryLayout.BYTES_MAX) {
        throw damaged(at, "a frame where op " + op + " goes on");
      }
      int room = piece.room(length);
      if (!cipher.open(window, frame, length, at, piece.bytes(), room)) {
        throw damaged(at, "the seal of a frame does not fit");
      }
      piece.put(length);
      sha256.update(window, frame, length + FrameLayout.OVERHEAD_BYTES);
      at += length + FrameLayout.OVERHEAD_BYTES;
      if ((flags & FrameLayout.LAST) != 0) {
        piece.endContent();
        note(kind, op);
        offset = at;
        return true;
      }
    }
  }

  /** The opening comes first and never again; entries follow each other. */
  private void checkOrder(int kind, long op) {
    boolean fits =
        switch (kind) {
          case FrameLayout.KIND_OPENING -> offset == SegmentHeader.BYTES && op == header.firstOp();
          case FrameLayout.KIND_ENTRY ->
              offset > SegmentHeader.BYTES && (nextOp < 0 || op == nextOp);
          case FrameLayout.KIND_TRAILER ->
              offset > SegmentHeader.BYTES && (nextOp < 0 || op == nextOp - 1);
          default -> false;
        };
    if (!fits) {
      throw damaged(offset, "content of kind " + kind + " and op " + op + " does not belong there");
    }
  }

  private void note(int kind, long op) {
    switch (kind) {
      case FrameLayout.KIND_OPENING -> nextOp = op;
      case FrameLayout.KIND_ENTRY -> {
        if (piece.contentBytes() < EntryLayout.HEADER_BYTES
            || piece.longInContent(EntryLayout.OP_AT) != op) {
          throw damaged(offset, "it does not hold op " + op);
        }
        lastOp = op;
        lastTime = piece.longInContent(EntryLayout.TIME_AT);
        firstTime = firstOp == 0 ? lastTime : firstTime;
        firstOp = firstOp == 0 ? op : firstOp;
        nextOp = op + 1;
      }
      default -> sealed = true;
    }
  }

  /**
   * Where in the window the frame at {@code at} is, its checksum checked; -1 if it is not whole.
   */
  private int frame(long at) throws IOException {
    int head = load(at, FrameLayout.OVERHEAD_BYTES);
    if (head < 0) {
      return -1;
    }
    int length = fields.getInt(head + FrameLayout.LENGTH_AT);
    if (length < 0 || length > FrameLayout.CONTENT_BYTES_MAX) {
      throw damaged(at, "a frame has " + length + " bytes");
    }
    int frame = load(at, length + FrameLayout.OVERHEAD_BYTES);
    if (frame < 0) {
      if (FrameSearch.anyIn(window, (int) (at - windowAt) + 1, windowBytes)) {
        throw damaged(at, "a frame has " + length + " bytes, and another one is among them");
      }
      return -1;
    }
    if (fields.getInt(frame + FrameLayout.CRC_AT) != FrameCipher.crc(window, frame, length)) {
      throw damaged(at, "the checksum of a frame does not fit");
    }
    return frame;
  }

  /** Brings so many bytes of the file into the window; -1 when there are fewer. */
  private int load(long at, int bytes) throws IOException {
    if (at < windowAt || at + bytes > windowAt + windowBytes) {
      windowAt = at;
      int wanted = Math.clamp(until - at, 0, window.length);
      windowBytes = wanted == 0 ? 0 : in.read(ByteBuffer.wrap(window, 0, wanted), at);
    }
    return windowBytes - (at - windowAt) < bytes ? -1 : (int) (at - windowAt);
  }

  private static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
    }
  }

  private HoldfastException damaged(long at, String what) {
    return JournalFaults.damaged(file, at, what);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
