package io.holdfast.ledger;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the rules have to know of the details of a transfer that is no longer in memory.
 *
 * @param sealed whether the details are stored sealed
 * @param bytes 32: the head of sealed details, then zeros; of others, their SHA-256
 */
public record DetailsMark(boolean sealed, byte[] bytes) {
  static final int BYTES = 32;

  /** Of details as they are stored; null when there are none. */
  public static @Nullable DetailsMark of(byte[] stored, boolean sealed) {
    if (stored.length == 0) {
      return null;
    }
    if (sealed) {
      byte[] head = new byte[BYTES];
      System.arraycopy(stored, 0, head, 0, SealedDetails.HEAD_BYTES);
      return new DetailsMark(true, head);
    }
    try {
      return new DetailsMark(false, MessageDigest.getInstance("SHA-256").digest(stored));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DetailsMark mark
        && mark.sealed == sealed
        && Arrays.equals(mark.bytes, bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "DetailsMark[" + (sealed ? "sealed" : "plain") + "]";
  }
}
