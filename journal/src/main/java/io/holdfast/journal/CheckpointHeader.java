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
 * The clear beginning of a checkpoint: of which ledger, branch and op it is and which key opens it.
 *
 * <pre>
 *  0 magic "HFCP" (4)   4 version = 1 (2)   6 reserved, 0 (2)   8 data key id (8)
 * 16 ledger id (16)    32 branch id (16)   48 epoch (8)        56 op (8)
 * 64 pages (4)         68 reserved, 0 (56) 124 CRC-32C of bytes 0 to 123 (4)
 * </pre>
 *
 * Little-endian; the key id is bytes as they are.
 */
record CheckpointHeader(
    byte[] keyId, UInt128 ledgerId, UInt128 branchId, long epoch, long op, int pages) {
  static final int BYTES = 128;
  static final int MAGIC = 'H' | 'F' << 8 | 'C' << 16 | 'P' << 24;
  static final short VERSION = 1;
  private static final int CRC_AT = 124;

  byte[] encode() {
    ByteBuffer to = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(MAGIC).putShort(VERSION).putShort((short) 0).put(keyId);
    to.putLong(ledgerId.lo()).putLong(ledgerId.hi());
    to.putLong(branchId.lo()).putLong(branchId.hi());
    to.putLong(epoch).putLong(op).putInt(pages);
    to.putInt(CRC_AT, crc(to.array()));
    return to.array();
  }

  /** Reads a header back; null when it is not one, or not whole. */
  static @Nullable CheckpointHeader parse(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length != BYTES
        || from.getInt() != MAGIC
        || from.getShort() != VERSION
        || from.getInt(CRC_AT) != crc(bytes)) {
      return null;
    }
    from.position(8);
    byte[] keyId = new byte[DataKey.KEY_ID_BYTES];
    from.get(keyId);
    long ledgerLo = from.getLong();
    UInt128 ledgerId = new UInt128(from.getLong(), ledgerLo);
    long branchLo = from.getLong();
    UInt128 branchId = new UInt128(from.getLong(), branchLo);
    return new CheckpointHeader(
        keyId, ledgerId, branchId, from.getLong(), from.getLong(), from.getInt());
  }

  /** Seals and opens the frames of this checkpoint. */
  FrameCipher cipher(DataKey dataKey) {
    return new FrameCipher(dataKey, keyInfo("frame"), keyInfo("nonce"));
  }

  private byte[] keyInfo(String purpose) {
    byte[] label = ("holdfast checkpoint " + purpose + " 1").getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(label.length + 48)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(label)
        .putLong(ledgerId.lo())
        .putLong(ledgerId.hi())
        .putLong(branchId.lo())
        .putLong(branchId.hi())
        .putLong(epoch)
        .putLong(op)
        .array();
  }

  String keyIdHex() {
    return HexFormat.of().formatHex(keyId);
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, CRC_AT);
    return (int) crc.getValue();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CheckpointHeader header && Arrays.equals(encode(), header.encode());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encode());
  }

  @Override
  public String toString() {
    return "CheckpointHeader[op " + op + "]";
  }
}
