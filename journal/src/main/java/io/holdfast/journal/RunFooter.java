package io.holdfast.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept in memory of an open run: where its sections lie, and what each block of them begins
 * with.
 *
 * <pre>
 *   0 place (16, as every block)           16 the header of the file (128)
 * 144 end of the section of ops (8)       152 of ids (8)           160 of postings (8)
 * 168 offset of the filter (8)            176 bytes of it (8)
 * 184 smallest id (16)                    200 largest id (16), both 0 without ids
 * 216 then five tables, each its length (4) and so many numbers (8 each, the last 4):
 *     the first op of each segment; per block of ops the time in its first row; per block of ids
 *     its first id, upper half before lower; per block of postings its first account and address;
 *     per 4096 bytes of the filter their CRC-32C
 * </pre>
 *
 * The arrays are never changed.
 *
 * @param idFences two numbers for each block
 * @param postingFences two numbers for each block
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares or prints it
record RunFooter(
    RunHeader header,
    Section ops,
    Section ids,
    Section postings,
    long filterOffset,
    long filterBytes,
    long minIdHi,
    long minIdLo,
    long maxIdHi,
    long maxIdLo,
    long[] segments,
    long[] times,
    long[] idFences,
    long[] postingFences,
    int[] filterChecksums) {
  private static final int FIXED_BYTES = 216;
  private static final int TABLES = 5;

  /** All blocks but the footer and the tail. */
  List<Section> sections() {
    return List.of(ops, ids, postings);
  }

  /** A header, three sections and a filter fit together only so. */
  private boolean isPossible() {
    return ops.blocks() == blocks(header.ops(), RunLayout.OPS_PER_BLOCK)
        && ids.blocks() == blocks(header.ids(), RunLayout.IDS_PER_BLOCK)
        && times.length == ops.blocks()
        && idFences.length == 2 * ids.blocks()
        && postingFences.length == 2 * postings.blocks()
        && (postings.blocks() == 0) == (header.postings() == 0)
        && segments.length > 0
        && segments[0] <= header.firstOp()
        && filterBytes == IdFilter.bytesFor(header.ids())
        && filterOffset >= postings.end()
        && filterOffset - postings.end() < RunLayout.FILTER_PIECE_BYTES
        && filterOffset % RunLayout.FILTER_PIECE_BYTES == 0
        && filterChecksums.length == blocks(filterBytes, RunLayout.FILTER_PIECE_BYTES);
  }

  private static long blocks(long rows, long perBlock) {
    return (rows + perBlock - 1) / perBlock;
  }

  /** Where the filter ends, and so the footer begins. */
  long end() {
    return filterOffset + filterBytes;
  }

  byte[] encode() {
    long longs = (long) segments.length + times.length + idFences.length + postingFences.length;
    long bytes =
        FIXED_BYTES
            + TABLES * Integer.BYTES
            + longs * Long.BYTES
            + (long) filterChecksums.length * Integer.BYTES;
    ByteBuffer to = ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    to.position(RunLayout.BLOCK_HEAD_BYTES);
    to.put(header.encode()).putLong(ops.end()).putLong(ids.end()).putLong(postings.end());
    to.putLong(filterOffset).putLong(filterBytes);
    to.putLong(minIdLo).putLong(minIdHi).putLong(maxIdLo).putLong(maxIdHi);
    put(to, segments);
    put(to, times);
    put(to, idFences);
    put(to, postingFences);
    to.putInt(filterChecksums.length);
    for (int checksum : filterChecksums) {
      to.putInt(checksum);
    }
    return to.array();
  }

  private static void put(ByteBuffer to, long[] table) {
    to.putInt(table.length);
    to.asLongBuffer().put(table);
    to.position(to.position() + 8 * table.length);
  }

  /** Reads a footer back; null when it is not one of a file with this header. */
  static @Nullable RunFooter parse(byte[] content, RunHeader header) {
    if (content.length < FIXED_BYTES) {
      return null;
    }
    ByteBuffer from = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    from.position(RunLayout.BLOCK_HEAD_BYTES);
    byte[] encoded = new byte[RunHeader.BYTES];
    from.get(encoded);
    if (!Arrays.equals(encoded, header.encode())) {
      return null;
    }
    Section ops = new Section(FrameLayout.KIND_INDEX_OPS, RunHeader.BYTES, from.getLong(), 0);
    Section ids = ops.next(FrameLayout.KIND_INDEX_IDS, from.getLong());
    Section postings = ids.next(FrameLayout.KIND_INDEX_POSTINGS, from.getLong());
    long filterOffset = from.getLong();
    long filterBytes = from.getLong();
    long minIdLo = from.getLong();
    long minIdHi = from.getLong();
    long maxIdLo = from.getLong();
    long maxIdHi = from.getLong();
    long[] segments = table(from);
    long[] times = table(from);
    long[] idFences = table(from);
    long[] postingFences = table(from);
    int[] checksums = new int[length(from, Integer.BYTES)];
    from.asIntBuffer().get(checksums);
    if (from.remaining() != Integer.BYTES * checksums.length) {
      return null;
    }
    RunFooter footer =
        new RunFooter(
            header,
            ops,
            ids,
            postings,
            filterOffset,
            filterBytes,
            minIdHi,
            minIdLo,
            maxIdHi,
            maxIdLo,
            segments,
            times,
            idFences,
            postingFences,
            checksums);
    return footer.isPossible() ? footer : null;
  }

  private static long[] table(ByteBuffer from) {
    long[] table = new long[length(from, Long.BYTES)];
    from.asLongBuffer().get(table);
    from.position(from.position() + Long.BYTES * table.length);
    return table;
  }

  /** The length of a table, 0 where it can not be: then what follows does not fit. */
  private static int length(ByteBuffer from, int bytesEach) {
    if (from.remaining() < Integer.BYTES) {
      return 0;
    }
    int length = from.getInt();
    return length < 0 || length > from.remaining() / bytesEach ? 0 : length;
  }
}
