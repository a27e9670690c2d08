package io.holdfast.journal;

import io.holdfast.ledger.StateHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
 * </pre>
 *
 * The same on all nodes of a site, the last three fields included; the root leaves these out, so
 * that it is the same at all sites.
 */
record CheckpointFooter(
    StateHeader state, byte[] chain, byte[] root, UUID group, long term, long index) {
  static final int BYTES = 184;
  static final int SEALED_BYTES = BYTES + FrameLayout.OVERHEAD_BYTES;
  static final int ROOTED_BYTES = 120;
  private static final int MAGIC = 'H' | 'F' << 8 | 'C' << 16 | 'F' << 24;
  private static final int VERSION = 1;

  byte[] encode() {
    ByteBuffer to = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(MAGIC).putInt(VERSION).putLong(state.op()).putLong(state.lastTimestamp());
    to.putLong(state.lastMovement()).putLong(state.movements()).putLong(state.transfers());
    to.putLong(state.failed()).putLong(state.accounts());
    to.putInt(state.slots()).putInt(state.open()).putInt(state.lastFree());
    to.putInt(state.detailsKeys());
    to.position(88);
    to.put(chain).put(root);
    to.putLong(group.getMostSignificantBits()).putLong(group.getLeastSignificantBits());
    to.putLong(term).putLong(index);
    return to.array();
  }

  static @Nullable CheckpointFooter parse(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length != BYTES || from.getInt() != MAGIC || from.getInt() != VERSION) {
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
    return new CheckpointFooter(state, chain, root, group, from.getLong(), from.getLong());
  }
}
