package io.holdfast.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Ids that follow from what they stand for, so that doing a thing twice, such as importing a file,
 * names the same accounts and transfers: the first 16 bytes of SHA-256 over all parts, each
 * preceded by its length in bytes as four bytes, most significant first; read as one big-endian
 * number.
 *
 * <p>Among a billion such ids the chance that any two are equal is below 10^-20.
 */
public final class DerivedId {
  private DerivedId() {}

  /** The id of these parts. */
  public static UInt128 of(String... parts) {
    MessageDigest sha256 = sha256();
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
      sha256.update(bytes);
    }
    ByteBuffer digest = ByteBuffer.wrap(sha256.digest());
    return new UInt128(digest.getLong(0), digest.getLong(Long.BYTES));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
