package io.holdfast.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
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

  byte[] encode() {
    ByteBuffer to =
        ByteBuffer.allocate(HEADER_BYTES + branches.size() * Branch.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(MAGIC)
            .putInt(VERSION)
            .put(chainBefore)
            .putInt(branches.size())
            .putInt(0);
    branches.forEach(branch -> branch.put(to));
    return to.array();
  }

  static @Nullable SegmentOpening parse(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < HEADER_BYTES + Branch.BYTES
        || from.getInt() != MAGIC
        || from.getInt() != VERSION) {
      return null;
    }
    byte[] chain = new byte[Chain.BYTES];
    from.get(chain);
    int count = from.getInt();
    from.getInt();
    if (bytes.length != HEADER_BYTES + (long) count * Branch.BYTES) {
      return null;
    }
    List<Branch> branches = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      branches.add(Branch.get(from));
    }
    return new SegmentOpening(chain, branches);
  }
}
