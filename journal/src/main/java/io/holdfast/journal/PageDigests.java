package io.holdfast.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/** Digests the pages of a checkpoint one by one and all together. For one thread. */
final class PageDigests {
  private final MessageDigest page = Chain.sha256();
  private final MessageDigest all = Chain.sha256();
  private final byte[] digest = new byte[Chain.BYTES];
  private final byte[] number = new byte[Long.BYTES];

  /** The digest of a page; the array is used again. */
  byte[] add(int pageNumber, byte[] bytes, int length) {
    ByteBuffer.wrap(number).order(ByteOrder.LITTLE_ENDIAN).putLong(pageNumber);
    try {
      page.update(number);
      page.update(bytes, 0, length);
      page.digest(digest, 0, digest.length);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 has 32 bytes", e);
    }
    all.update(digest);
    return digest;
  }

  /** The root, when all pages were added; of the footer its first bytes count. */
  byte[] root(CheckpointFooter footer) {
    MessageDigest root = Chain.sha256();
    root.update(Arrays.copyOf(footer.encode(), CheckpointFooter.ROOTED_BYTES));
    return root.digest(all.digest());
  }
}
