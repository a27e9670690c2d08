package io.holdfast.journal;

import io.holdfast.kernel.UInt128;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The clear beginning of a segment file: which ledger, branch and op it belongs to and which key
 * opens it.
 *
 * <pre>
 *  0 magic "HFJS" (4)   4 version = 1 (2)   6 reserved, 0 (2)   8 data key id (8)
 * 16 ledger id (16)    32 branch id (16)   48 Raft group (16)  64 first op (8)   72 epoch (8)
 * 80 reserved, 0 (44) 124 CRC-32C of bytes 0 to 123 (4)
 * </pre>
 *
 * Little-endian; the key id is bytes as they are.
 */
record SegmentHeader(
    byte[] keyId, UInt128 ledgerId, UInt128 branchId, UUID group, long firstOp, long epoch) {
  static final int BYTES = 128;
  static final int MAGIC = 'H' | 'F' << 8 | 'J' << 16 | 'S' << 24;
  static final short VERSION = 1;
  private static final int CRC_AT = 124;

  byte[] encode() {
    ByteBuffer to = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(MAGIC).putShort(VERSION).putShort((short) 0).put(keyId);
    putId(to, ledgerId);
    putId(to, branchId);
    to.putLong(group.getMostSignificantBits()).putLong(group.getLeastSignificantBits());
    to.putLong(firstOp).putLong(epoch);
    to.putInt(CRC_AT, crc(to.array()));
    return to.array();
  }

  /** Reads a header back; null when it is not one, or not whole. */
  static @Nullable SegmentHeader parse(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < BYTES
        || from.getInt(0) != MAGIC
        || from.getShort(4) != VERSION
        || from.getInt(CRC_AT) != crc(bytes)) {
      return null;
    }
    from.position(8);
    byte[] keyId = new byte[DataKey.KEY_ID_BYTES];
    from.get(keyId);
    return new SegmentHeader(
        keyId,
        getId(from),
        getId(from),
        new UUID(from.getLong(), from.getLong()),
        from.getLong(),
        from.getLong());
  }

  /** Seals and opens the frames of this segment. */
  FrameCipher cipher(DataKey dataKey) {
    return new FrameCipher(dataKey, keyInfo("frame"), keyInfo("nonce"));
  }

  /** What the keys of this segment are derived with: no two segments share one. */
  private byte[] keyInfo(String purpose) {
    byte[] label = ("holdfast journal " + purpose + " 1").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer info =
        ByteBuffer.allocate(label.length + 64).order(ByteOrder.LITTLE_ENDIAN).put(label);
    putId(info, ledgerId);
    putId(info, branchId);
    info.putLong(group.getMostSignificantBits()).putLong(group.getLeastSignificantBits());
    info.putLong(firstOp).putLong(epoch);
    return info.array();
  }

  String keyIdHex() {
    return HexFormat.of().formatHex(keyId);
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, CRC_AT);
    return (int) crc.getValue();
  }

  private static void putId(ByteBuffer to, UInt128 id) {
    to.putLong(id.lo()).putLong(id.hi());
  }

  private static UInt128 getId(ByteBuffer from) {
    long lo = from.getLong();
    return new UInt128(from.getLong(), lo);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SegmentHeader header && Arrays.equals(encode(), header.encode());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encode());
  }

  @Override
  public String toString() {
    return "SegmentHeader[" + ledgerId.toHex() + ", first op " + firstOp + "]";
  }
}
