package io.holdfast.journal;

import io.holdfast.kernel.UInt128;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The clear beginning of a file of the site's log. All of it goes into the keys of the file's
 * frames, so that nobody can change it and the frames still open.
 *
 * <pre>
 *  0 magic "HFSL" (4)   4 version = 1 (2)      6 length of the node's name (2)   8 data key id (8)
 * 16 ledger id (16)    32 log id, random (16) 48 first number (8)   56 chain before it (32)
 * 88 node's name, then zeros (64)            152 reserved, 0 (36)  188 CRC-32C of bytes 0 to 187 (4)
 * </pre>
 *
 * @param logId drawn anew when a log begins: a log that was replaced is another log
 */
record ActHeader(
    byte[] keyId, UInt128 ledgerId, UInt128 logId, long first, byte[] chainBefore, String node) {
  static final int BYTES = 192;
  private static final int MAGIC = 'H' | 'F' << 8 | 'S' << 16 | 'L' << 24;
  private static final short VERSION = 1;
  private static final int NODE_AT = 88;
  private static final int NODE_BYTES_MAX = 64;
  private static final int CRC_AT = 188;

  /** That of a log's first file. */
  static ActHeader ofNew(byte[] keyId, UInt128 ledgerId, UInt128 logId, String node) {
    return new ActHeader(keyId, ledgerId, logId, 1, beginning(ledgerId, logId, node), node);
  }

  /** That of the file after this one. */
  ActHeader next(long firstNumber, byte[] chain) {
    return new ActHeader(keyId, ledgerId, logId, firstNumber, chain, node);
  }

  /** Where the chain of a log begins. */
  static byte[] beginning(UInt128 ledgerId, UInt128 logId, String node) {
    MessageDigest digest = Chain.sha256();
    digest.update("holdfast site log 1".getBytes(StandardCharsets.US_ASCII));
    ByteBuffer ids = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    putId(ids, ledgerId);
    putId(ids, logId);
    digest.update(ids.array());
    return digest.digest(node.getBytes(StandardCharsets.US_ASCII));
  }

  byte[] encode() {
    byte[] name = node.getBytes(StandardCharsets.US_ASCII);
    if (name.length > NODE_BYTES_MAX) {
      throw new IllegalArgumentException("a node's name of " + name.length + " bytes");
    }
    ByteBuffer to =
        ByteBuffer.allocate(BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(MAGIC)
            .putShort(VERSION)
            .putShort((short) name.length)
            .put(keyId);
    putId(to, ledgerId);
    putId(to, logId);
    to.putLong(first).put(chainBefore).put(name);
    return to.putInt(CRC_AT, crc(to.array())).array();
  }

  static @Nullable ActHeader parse(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < BYTES
        || from.getInt() != MAGIC
        || from.getShort() != VERSION
        || from.getInt(CRC_AT) != crc(bytes)) {
      return null;
    }
    int length = Short.toUnsignedInt(from.getShort());
    if (length > NODE_BYTES_MAX) {
      return null;
    }
    byte[] keyId = new byte[DataKey.KEY_ID_BYTES];
    from.get(keyId);
    UInt128 ledgerId = getId(from);
    UInt128 logId = getId(from);
    long first = from.getLong();
    byte[] chain = new byte[Chain.BYTES];
    from.get(chain);
    String node = new String(bytes, NODE_AT, length, StandardCharsets.US_ASCII);
    return new ActHeader(keyId, ledgerId, logId, first, chain, node);
  }

  /** Seals and opens the frames of this file. */
  FrameCipher cipher(DataKey dataKey) {
    return new FrameCipher(dataKey, keyInfo("frame"), keyInfo("nonce"));
  }

  private byte[] keyInfo(String purpose) {
    byte[] label = ("holdfast site log " + purpose + " 1").getBytes(StandardCharsets.US_ASCII);
    byte[] info = Arrays.copyOf(label, label.length + Chain.BYTES);
    byte[] digest = Chain.sha256().digest(encode());
    System.arraycopy(digest, 0, info, label.length, digest.length);
    return info;
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
    return other instanceof ActHeader header && Arrays.equals(encode(), header.encode());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encode());
  }

  @Override
  public String toString() {
    return "ActHeader[" + node + ", first number " + first + "]";
  }
}
