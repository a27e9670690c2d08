package io.holdfast.cluster;

import io.holdfast.kernel.UInt128;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The clear part before a sealed payload; authenticated, not secret.
 *
 * <pre>
 *  0 magic "HFSL" (4)   4 version (1)   5 reserved, 0 (3)   8 key id (8)
 * 16 node: the first 8 bytes of SHA-256 of the node id (8)     24 boot (8)
 * 32 sequence (8)
 * 40 ciphertext, as long as the payload, or in version 2 as long as its {@link PackedWords}
 *  … tag (16)
 * </pre>
 *
 * Little-endian, but for key id and node, which are bytes. See docs/formats/sealed-payload.md.
 */
final class SealedHeader {
  static final int BYTES = 40;
  static final int TAG_BYTES = 16;
  static final int NONCE_BYTES = 12;

  static final int MAGIC = 'H' | 'F' << 8 | 'S' << 16 | 'L' << 24;

  /** The payload as it is, because packed it would be no shorter. */
  static final byte PLAIN = 1;

  /** The payload's {@link PackedWords}. */
  static final byte PACKED = 2;

  static final int VERSION_AT = 4;
  static final int KEY_ID_AT = 8;
  static final int NODE_AT = 16;
  static final int BOOT_AT = 24;
  static final int SEQUENCE_AT = 32;

  private SealedHeader() {}

  static ByteBuffer on(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The 8 bytes that stand for a node, as a little-endian long. */
  static long nodeNumber(String nodeId) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(nodeId.getBytes(StandardCharsets.US_ASCII));
      return on(digest).getLong(0);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** What the key of one boot of one node is derived with: no two boots share a key. */
  static byte[] info(UInt128 ledgerId, long nodeNumber, long boot) {
    byte[] label = "holdfast sealed payload 1".getBytes(StandardCharsets.US_ASCII);
    byte[] info = new byte[label.length + 32];
    on(info)
        .put(label)
        .putLong(ledgerId.lo())
        .putLong(ledgerId.hi())
        .putLong(nodeNumber)
        .putLong(boot);
    return info;
  }

  /** 4 bytes of 0, then the sequence: used once under a key, since a boot only counts up. */
  static byte[] nonce(long sequence) {
    byte[] nonce = new byte[NONCE_BYTES];
    on(nonce).putLong(4, sequence);
    return nonce;
  }
}
