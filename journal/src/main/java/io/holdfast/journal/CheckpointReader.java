package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.FrozenState;
import io.holdfast.ledger.PageReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads a checkpoint page by page; every page is what was written, or {@code checkpoint-damaged}
 * says where not. {@link #finish} compares the root. For one thread.
 */
final class CheckpointReader implements PageReader, AutoCloseable {
  private static final int PAGE_FRAME_BYTES = FrozenState.PAGE_BYTES + FrameLayout.OVERHEAD_BYTES;
  private static final int PAGES_AT_ONCE = 64;

  private final Path file;
  private final DiskFile in;
  private final CheckpointHeader header;
  private final CheckpointFooter footer;
  private final FrameCipher cipher;
  private final PageDigests digests = new PageDigests();
  private final byte[] window = new byte[PAGES_AT_ONCE * PAGE_FRAME_BYTES];
  private final byte[] content = new byte[FrozenState.PAGE_BYTES];
  private int windowFrom; // first page in the window
  private int windowPages;
  private int next;

  private CheckpointReader(Path file, DiskFile in, DataKey dataKey) throws IOException {
    this.file = file;
    this.in = in;
    byte[] head = new byte[CheckpointHeader.BYTES];
    in.read(ByteBuffer.wrap(head), 0);
    FileFormat.check(file, head, CheckpointHeader.MAGIC, CheckpointHeader.VERSION);
    CheckpointHeader parsed = CheckpointHeader.parse(head);
    if (parsed == null) {
      throw damaged(0, "its header is not whole");
    }
    if (!parsed.keyIdHex().equals(dataKey.keyIdHex())) {
      throw JournalFaults.wrongKey(file, parsed.keyIdHex(), dataKey.keyIdHex());
    }
    this.header = parsed;
    this.cipher = header.cipher(dataKey);
    long footerAt = CheckpointHeader.BYTES + (long) header.pages() * PAGE_FRAME_BYTES;
    long footerBytes = in.sizeBytes() - footerAt - FrameLayout.OVERHEAD_BYTES;
    byte[] last = new byte[Math.clamp(footerBytes, 0, CheckpointFooter.BYTES_MAX)];
    byte[] frame = new byte[last.length + FrameLayout.OVERHEAD_BYTES];
    if (last.length != footerBytes || in.read(ByteBuffer.wrap(frame), footerAt) < frame.length) {
      throw damaged(footerAt, "it does not end with its footer");
    }
    open(frame, 0, footerAt, FrameLayout.KIND_CHECKPOINT, header.pages(), last);
    CheckpointFooter end = CheckpointFooter.parse(last);
    if (end == null
        || end.state().op() != header.op()
        || end.state().pages() != header.pages()
        || CheckpointFiles.op(file) != header.op()) {
      throw damaged(footerAt, "its footer does not fit its header or name");
    }
    this.footer = end;
  }

  /**
   * Opens a checkpoint.
   *
   * @throws HoldfastException codes {@code checkpoint-damaged}, {@code wrong-data-key}, {@code
   *     format-unknown}
   */
  static CheckpointReader open(Disk disk, Path file, DataKey dataKey) throws IOException {
    DiskFile in = disk.openForReading(file);
    try {
      return new CheckpointReader(file, in, dataKey);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** Refuses a checkpoint whose history does not lead into this one; code wrong-lineage. */
  void checkLineage(Lineage own) {
    Lineage found = new Lineage(header.ledgerId(), footer.branches());
    Branch last = found.current();
    if (!found.ledgerId().equals(own.ledgerId())
        || !own.has(found.branches(), header.op())
        || !header.branchId().equals(last.id())
        || header.epoch() != last.epoch()) {
      throw JournalFaults.wrongLineage(file, found, own);
    }
  }

  Path file() {
    return file;
  }

  CheckpointHeader header() {
    return header;
  }

  CheckpointFooter footer() {
    return footer;
  }

  Checkpoint checkpoint() throws IOException {
    return new Checkpoint(
        header.op(),
        Chain.hex(footer.root()),
        footer.group(),
        footer.term(),
        footer.index(),
        footer.state().accounts(),
        in.sizeBytes());
  }

  @Override
  public void read(MemorySegment to) {
    try {
      readNext(to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@link #read}. */
  void readNext(MemorySegment to) throws IOException {
    if (next == windowFrom + windowPages) {
      windowFrom = next;
      windowPages = Math.min(PAGES_AT_ONCE, header.pages() - next);
      int bytes = windowPages * PAGE_FRAME_BYTES;
      if (windowPages == 0 || in.read(ByteBuffer.wrap(window, 0, bytes), offset(next)) < bytes) {
        throw damaged(offset(next), "it ends before its pages do");
      }
    }
    int at = (next - windowFrom) * PAGE_FRAME_BYTES;
    open(window, at, offset(next), FrameLayout.KIND_PAGE, next, content);
    digests.add(next, content, content.length);
    MemorySegment.copy(content, 0, to, ValueLayout.JAVA_BYTE, 0, content.length);
    next++;
  }

  /** When all pages were read: compares what they give with the root. */
  void finish() {
    if (next != header.pages() || !Arrays.equals(digests.root(footer), footer.root())) {
      throw damaged(0, "its pages do not give its root");
    }
  }

  private static long offset(int page) {
    return CheckpointHeader.BYTES + (long) page * PAGE_FRAME_BYTES;
  }

  private void open(byte[] frames, int at, long offset, int kind, int number, byte[] into) {
    ByteBuffer fields = ByteBuffer.wrap(frames).order(ByteOrder.LITTLE_ENDIAN);
    if (fields.getInt(at + FrameLayout.LENGTH_AT) != into.length
        || fields.getInt(at + FrameLayout.CRC_AT) != FrameCipher.crc(frames, at, into.length)
        || frames[at + FrameLayout.KIND_AT] != kind
        || fields.getLong(at + FrameLayout.OP_AT) != number
        || !cipher.open(frames, at, into.length, offset, into, 0)) {
      throw damaged(offset, "page " + number + " is not what was written");
    }
  }

  private HoldfastException damaged(long offset, String what) {
    return JournalFaults.checkpointDamaged(file, offset, what);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
