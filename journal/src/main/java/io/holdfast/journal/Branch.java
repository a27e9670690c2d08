package io.holdfast.journal;

import io.holdfast.kernel.UInt128;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * One stretch of a ledger's history: op and epoch alone do not name a history, for two restores of
 * one backup are two branches.
 *
 * @param epoch grows with each change of the primary site
 * @param id random
 * @param firstOp the first op of the branch
 * @param chain the chain before its first op, in hex
 */
public record Branch(long epoch, UInt128 id, long firstOp, String chain) {
  /** Epoch (8), id (16), first op (8), chain before it (32); little-endian. */
  static final int BYTES = 64;

  void put(ByteBuffer to) {
    to.putLong(epoch).putLong(id.lo()).putLong(id.hi()).putLong(firstOp);
    to.put(HexFormat.of().parseHex(chain));
  }

  static Branch get(ByteBuffer from) {
    long epoch = from.getLong();
    long lo = from.getLong();
    UInt128 id = new UInt128(from.getLong(), lo);
    long firstOp = from.getLong();
    byte[] chain = new byte[Chain.BYTES];
    from.get(chain);
    return new Branch(epoch, id, firstOp, Chain.hex(chain));
  }
}
