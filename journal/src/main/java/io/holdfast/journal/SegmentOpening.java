package io.holdfast.journal;

import io.holdfast.kernel.UInt128;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first frame of a segment: the history it continues.
 *
 * <pre>
 *  0 magic "HFJO" (4)   4 version = 1 (4)   8 chain before the first entry (32)
 * 40 branches (4)      44 0 (4)
 * 48 branches, each: epoch (8), id (16), first op (8), chain before it (32)
 * </pre>
 */
record SegmentOpening(byte[] chainBefore, List<Branch> branches) {
  private static final int MAGIC = 'H' | 'F' << 8 | 'J' << 16 | 'O' << 24;
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 48;
  private static final int BRANCH_BYTES = 64;

  byte[] encode() {
    ByteBuffer to =
        ByteBuffer.allocate(HEADER_BYTES + branches.size() * BRANCH_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(MAGIC)
            .putInt(VERSION)
            .put(chainBefore)
            .putInt(branches.size())
            .putInt(0);
    for (Branch branch : branches) {
      to.putLong(branch.epoch())
          .putLong(branch.id().lo())
          .putLong(branch.id().hi())
          .putLong(branch.firstOp())
          .put(HexFormat.of().parseHex(branch.chain()));
    }
    return to.array();
  }

  static @Nullable SegmentOpening parse(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < HEADER_BYTES + BRANCH_BYTES
        || from.getInt() != MAGIC
        || from.getInt() != VERSION) {
      return null;
    }
    byte[] chain = new byte[Chain.BYTES];
    from.get(chain);
    int count = from.getInt();
    from.getInt();
    if (bytes.length != HEADER_BYTES + (long) count * BRANCH_BYTES) {
      return null;
    }
    List<Branch> branches = new ArrayList<>(count);
    byte[] branchChain = new byte[Chain.BYTES];
    for (int i = 0; i < count; i++) {
      long epoch = from.getLong();
      long lo = from.getLong();
      UInt128 id = new UInt128(from.getLong(), lo);
      long firstOp = from.getLong();
      from.get(branchChain);
      branches.add(new Branch(epoch, id, firstOp, Chain.hex(branchChain)));
    }
    return new SegmentOpening(chain, branches);
  }
}
