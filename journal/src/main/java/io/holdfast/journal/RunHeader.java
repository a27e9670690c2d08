package io.holdfast.journal;

import io.holdfast.kernel.UInt128;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The clear beginning of a run: which ops of which ledger it indexes, how much it holds, and which
 * key opens it. The footer holds the same bytes, sealed.
 *
 * <pre>
 *  0 magic "HFIX" (4)   4 version = 1 (2)    6 level (2)            8 data key id (8)
 * 16 ledger id (16)    32 first op (8)      40 last op (8)         48 first movement (8)
 * 56 movements (8)     64 ids (8)           72 postings (8)        80 reserved, 0 (44)
 * 124 CRC-32C of bytes 0 to 123 (4)
 * </pre>
 *
 * Little-endian; the key id is bytes as they are.
 *
 * @param level 0 as built from the journal; a merged run is one above the highest of its inputs
 * @param firstMovement number of its first movement in the journal, from 0
 * @param ids rows of ids, of which up to three are of one id
 */
record RunHeader(
    byte[] keyId,
    UInt128 ledgerId,
    int level,
    long firstOp,
    long lastOp,
    long firstMovement,
    long movements,
    long ids,
    long postings) {
  static final int BYTES = 128;
  static final int LEVEL_MAX = 0xFFFF;
  static final int MAGIC = 'H' | 'F' << 8 | 'I' << 16 | 'X' << 24;
  static final short VERSION = 1;
  private static final int CRC_AT = 124;

  byte[] encode() {
    ByteBuffer to = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(MAGIC).putShort(VERSION).putShort((short) level).put(keyId);
    to.putLong(ledgerId.lo()).putLong(ledgerId.hi());
    to.putLong(firstOp).putLong(lastOp).putLong(firstMovement).putLong(movements);
    to.putLong(ids).putLong(postings);
    to.putInt(CRC_AT, crc(to.array()));
    return to.array();
  }

  /** Reads a header back; null when it is not one, or not whole. */
  static @Nullable RunHeader parse(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length != BYTES || from.getInt(CRC_AT) != crc(bytes)) {
      return null;
    }
    if (from.getInt() != MAGIC || from.getShort() != VERSION) {
      return null;
    }
    int level = Short.toUnsignedInt(from.getShort());
    byte[] keyId = new byte[DataKey.KEY_ID_BYTES];
    from.get(keyId);
    long ledgerLo = from.getLong();
    RunHeader header =
        new RunHeader(
            keyId,
            new UInt128(from.getLong(), ledgerLo),
            level,
            from.getLong(),
            from.getLong(),
            from.getLong(),
            from.getLong(),
            from.getLong(),
            from.getLong());
    return header.isPossible() ? header : null;
  }

  private boolean isPossible() {
    return firstOp >= 0
        && firstOp <= lastOp
        && lastOp <= Address.OP_MAX
        && firstMovement >= 0
        && movements >= 0
        && ids >= 0
        && postings >= 0;
  }

  long ops() {
    return lastOp - firstOp + 1;
  }

  String keyIdHex() {
    return HexFormat.of().formatHex(keyId);
  }

  /** Seals and opens the blocks of this run. */
  FrameCipher cipher(DataKey dataKey) {
    return new FrameCipher(dataKey, keyInfo("frame"), keyInfo("nonce"));
  }

  private byte[] keyInfo(String purpose) {
    byte[] label = ("holdfast index " + purpose + " 1").getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(label.length + 40)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(label)
        .putLong(ledgerId.lo())
        .putLong(ledgerId.hi())
        .putLong(firstOp)
        .putLong(lastOp)
        .putLong(level)
        .array();
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, CRC_AT);
    return (int) crc.getValue();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RunHeader header && Arrays.equals(encode(), header.encode());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encode());
  }

  @Override
  public String toString() {
    return "RunHeader[" + firstOp + " to " + lastOp + ", level " + level + "]";
  }
}
