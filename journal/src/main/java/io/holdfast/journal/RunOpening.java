package io.holdfast.journal;

import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/** What is read of a run when it is opened, all of it checked. */
record RunOpening(Path file, DiskFile in, long sizeBytes, RunFooter footer, RunTail tail) {

  /** Reads all but the filter. */
  static RunOpening read(Path file, DiskFile in, DataKey dataKey, UInt128 ledgerId)
      throws IOException {
    RunHeader header = header(file, in, dataKey, ledgerId);
    BlockReader reader = new BlockReader(file, in, header, dataKey);
    long sizeBytes = in.sizeBytes();
    long tailOffset = sizeBytes - RunTail.SEALED_BYTES;
    if (tailOffset < RunHeader.BYTES) {
      throw IndexFaults.damaged(file, sizeBytes, "it ends before its tail");
    }
    byte[] content = new byte[RunTail.BYTES];
    reader.read(FrameLayout.KIND_INDEX_TAIL, -1, tailOffset, RunTail.BYTES, content);
    RunTail tail = RunTail.parse(content);
    if (tail == null
        || tail.footerBytes() < RunLayout.BLOCK_HEAD_BYTES
        || tail.footerOffset() < RunHeader.BYTES
        || tail.footerOffset() + FrameLayout.sealedBytes(tail.footerBytes()) != tailOffset) {
      throw IndexFaults.damaged(file, tailOffset, "its tail is not laid out as one");
    }
    content = new byte[tail.footerBytes()];
    reader.read(
        FrameLayout.KIND_INDEX_FOOTER,
        tail.number() - 1,
        tail.footerOffset(),
        content.length,
        content);
    RunFooter footer = RunFooter.parse(content, header);
    if (footer == null
        || footer.end() != tail.footerOffset()
        || footer.postings().firstBlock() + footer.postings().blocks() != tail.number() - 1) {
      throw IndexFaults.damaged(file, tail.footerOffset(), "its footer does not fit its header");
    }
    return new RunOpening(file, in, sizeBytes, footer, tail);
  }

  private static RunHeader header(Path file, DiskFile in, DataKey dataKey, UInt128 ledgerId)
      throws IOException {
    byte[] head = new byte[RunHeader.BYTES];
    int read = in.read(ByteBuffer.wrap(head), 0);
    FileFormat.check(file, head, RunHeader.MAGIC, RunHeader.VERSION);
    RunHeader header = read < head.length ? null : RunHeader.parse(head);
    if (header == null) {
      throw IndexFaults.damaged(file, 0, "its header is not whole");
    }
    if (!header.keyIdHex().equals(dataKey.keyIdHex())) {
      throw JournalFaults.wrongKey(file, header.keyIdHex(), dataKey.keyIdHex());
    }
    if (!header.ledgerId().equals(ledgerId)) {
      throw IndexFaults.damaged(
          file, 0, "it is of ledger " + header.ledgerId().toHex() + ", not " + ledgerId.toHex());
    }
    if (!RunFiles.isNamed(file, header.firstOp(), header.lastOp())) {
      throw IndexFaults.damaged(
          file, 0, "it holds ops " + header.firstOp() + " to " + header.lastOp());
    }
    return header;
  }

  /**
   * Maps the filter.
   *
   * @throws HoldfastException code {@code index-damaged}: one flipped bit of it could let a payment
   *     happen twice
   */
  IdFilter filter(Arena arena) throws IOException {
    long postingsEnd = footer.postings().end();
    byte[] zeros = new byte[(int) (footer.filterOffset() - postingsEnd)];
    byte[] found = zeros.clone();
    in.read(ByteBuffer.wrap(found), postingsEnd);
    int wrong = Arrays.mismatch(zeros, found);
    if (wrong >= 0) {
      throw IndexFaults.damaged(file, postingsEnd + wrong, "bytes where none were written");
    }
    IdFilter filter =
        new IdFilter(
            footer.filterBytes() == 0
                ? MemorySegment.NULL
                : in.map(footer.filterOffset(), footer.filterBytes(), arena));
    wrong = Arrays.mismatch(footer.filterChecksums(), filter.checksums());
    if (wrong >= 0) {
      throw IndexFaults.damaged(
          file,
          footer.filterOffset() + (long) wrong * RunLayout.FILTER_PIECE_BYTES,
          "a checksum of the filter does not fit");
    }
    return filter;
  }
}
