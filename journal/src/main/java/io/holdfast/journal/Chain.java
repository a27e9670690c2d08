package io.holdfast.journal;

import io.holdfast.kernel.UInt128;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The running SHA-256 over all entries: {@code chain = SHA-256(chain before || SHA-256(entry))}, of
 * the entry all bytes but those that {@link EntryLayout} leaves out. It begins with SHA-256 of
 * {@code holdfast chain 1} and the ledger id. For one thread.
 */
final class Chain {
  static final int BYTES = 32;

  private final MessageDigest sha256 = sha256();
  private final byte[] value;
  private final byte[] entryDigest = new byte[BYTES];

  Chain(byte[] value) {
    this.value = value.clone();
  }

  static byte[] beginning(UInt128 ledgerId) {
    byte[] id = new byte[16];
    ByteBuffer.wrap(id)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(ledgerId.lo())
        .putLong(ledgerId.hi());
    MessageDigest digest = sha256();
    digest.update("holdfast chain 1".getBytes(StandardCharsets.US_ASCII));
    return digest.digest(id);
  }

  /** Takes the next entry in. */
  void add(byte[] bytes, int at, int length) {
    try {
      EntryLayout.updateChained(sha256, bytes, at, length);
      sha256.digest(entryDigest, 0, BYTES);
      add(entryDigest);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 has 32 bytes", e);
    }
  }

  /** Takes the next entry in by the SHA-256 of what of it is chained. */
  void add(byte[] digest) {
    try {
      sha256.update(value);
      sha256.update(digest);
      sha256.digest(value, 0, BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 has 32 bytes", e);
    }
  }

  /** SHA-256 of the entry added last. */
  byte[] entryDigest() {
    return entryDigest;
  }

  /** The chain after the entry added last. */
  byte[] value() {
    return value.clone();
  }

  boolean is(byte[] other) {
    return Arrays.equals(value, other);
  }

  static String hex(byte[] chain) {
    return HexFormat.of().formatHex(chain);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
