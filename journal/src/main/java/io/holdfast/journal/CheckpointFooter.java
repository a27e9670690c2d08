package io.holdfast.journal;

import io.holdfast.kernel.Invariants;
import io.holdfast.ledger.StateHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The end of a checkpoint: what the state consists of, the chain of the journal after its op, and
 * the root: SHA-256 of bytes 0 to 119 and of SHA-256 of all pages' digests in order. A page's
 * digest is SHA-256 of its number (8) and its bytes.
 *
 * <pre>
 *   0 magic "HFCF" (4)    4 version = 1 (4)     8 op (8)           16 last timestamp (8)
 *  24 last movement (8)  32 movements (8)      40 transfers (8)    48 failed ids (8)
 *  56 accounts (8)       64 slots (4)          68 open (4)         72 last free slot + 1 (4)
 *  76 keys of details (4) 80 reserved, 0 (8) 88 chain (32)      120 root (32)
 * 152 Raft group (16)   168 Raft term (8)     176 Raft index of the op's entry (8)
 * 184 branches (4)      188 reserved, 0 (4)   192 each {@link Branch} of the history (64)
 * </pre>
 *
 * The same on all nodes of a site; the root leaves out all that stands behind it, so that it is the
 * same at all sites.
 */
record CheckpointFooter(
    StateHeader state,
    byte[] chain,
    byte[] root,
    UUID group,
    long term,
    long index,
    List<Branch> branches) {
  private static final int BRANCHES_AT = 192;

  /** Some 250 changes of the primary site: a footer is one frame. */
  static final int BYTES_MAX = FrameLayout.CONTENT_BYTES_MAX;

  static final int ROOTED_BYTES = 120;
  private static final int MAGIC = 'H' | 'F' << 8 | 'C' << 16 | 'F' << 24;
  private static final int VERSION = 1;

  byte[] encode() {
    int bytes = BRANCHES_AT + branches.size() * Branch.BYTES;
    Invariants.check(bytes <= BYTES_MAX, "a checkpoint's footer is one frame");
    ByteBuffer to = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(MAGIC).putInt(VERSION).putLong(state.op()).putLong(state.lastTimestamp());
    to.putLong(state.lastMovement()).putLong(state.movements()).putLong(state.transfers());
    to.putLong(state.failed()).putLong(state.accounts());
    to.putInt(state.slots()).putInt(state.open()).putInt(state.lastFree());
    to.putInt(state.detailsKeys());
    to.position(88);
    to.put(chain).put(root);
    to.putLong(group.getMostSignificantBits()).putLong(group.getLeastSignificantBits());
    to.putLong(term).putLong(index).putInt(branches.size()).putInt(0);
    branches.forEach(branch -> branch.put(to));
    return to.array();
  }

  static @Nullable CheckpointFooter parse(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < BRANCHES_AT + Branch.BYTES
        || from.getInt() != MAGIC
        || from.getInt() != VERSION) {
      return null;
    }
    StateHeader state =
        new StateHeader(
            from.getLong(),
            from.getLong(),
            from.getLong(),
            from.getLong(),
            from.getLong(),
            from.getLong(),
            from.getLong(),
            from.getInt(),
            from.getInt(),
            from.getInt(),
            from.getInt());
    from.position(88);
    byte[] chain = new byte[Chain.BYTES];
    from.get(chain);
    byte[] root = new byte[Chain.BYTES];
    from.get(root);
    UUID group = new UUID(from.getLong(), from.getLong());
    long term = from.getLong();
    long index = from.getLong();
    long count = Integer.toUnsignedLong(from.getInt());
    from.getInt();
    if (bytes.length != BRANCHES_AT + count * Branch.BYTES) {
      return null;
    }
    List<Branch> branches = new ArrayList<>();
    while (from.hasRemaining()) {
      branches.add(Branch.get(from));
    }
    return new CheckpointFooter(state, chain, root, group, term, index, branches);
  }
}
