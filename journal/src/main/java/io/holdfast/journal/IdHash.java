package io.holdfast.journal;

import io.holdfast.kernel.UInt128;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The keyed hash of an id for the filters of all runs of a ledger: SipHash-2-4 (Aumasson and
 * Bernstein, 2012) of its 16 bytes, under a key derived from the data key. Without the key, a
 * filter says nothing about an id, and nobody can choose ids that all meet in it.
 */
final class IdHash {
  private static final String INFO = "holdfast index filter 1";
  private static final long LAST_WORD = 16L << 56; // the length of the message, as SipHash ends it

  private final long k0;
  private final long k1;

  IdHash(DataKey dataKey, UInt128 ledgerId) {
    byte[] label = INFO.getBytes(StandardCharsets.US_ASCII);
    byte[] info =
        ByteBuffer.allocate(label.length + 16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(label)
            .putLong(ledgerId.lo())
            .putLong(ledgerId.hi())
            .array();
    ByteBuffer key =
        ByteBuffer.wrap(dataKey.derive(info).getEncoded()).order(ByteOrder.LITTLE_ENDIAN);
    this.k0 = key.getLong();
    this.k1 = key.getLong();
  }

  IdHash(long k0, long k1) {
    this.k0 = k0;
    this.k1 = k1;
  }

  long of(long hi, long lo) {
    long v0 = k0 ^ 0x736f_6d65_7073_6575L;
    long v1 = k1 ^ 0x646f_7261_6e64_6f6dL;
    long v2 = k0 ^ 0x6c79_6765_6e65_7261L;
    long v3 = k1 ^ 0x7465_6462_7974_6573L;
    for (int i = 0; i < 4; i++) {
      long word =
          switch (i) {
            case 0 -> lo;
            case 1 -> hi;
            case 2 -> LAST_WORD;
            default -> 0;
          };
      int rounds = 2;
      if (i == 3) {
        v2 ^= 0xff;
        rounds = 4;
      }
      v3 ^= word;
      for (int round = 0; round < rounds; round++) {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= word;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }
}
