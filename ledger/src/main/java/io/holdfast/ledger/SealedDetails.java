package io.holdfast.ledger;

/**
 * How details lie in a batch once they are sealed:
 *
 * <pre>
 * 0 name of the key (12)   12 tag (16)   28 ciphertext, as long as the details
 * </pre>
 *
 * The tag is a keyed digest of the transfer's id and the details. So under one key equal details of
 * a transfer have equal tags and others do not, which is all that the rules have to know of them,
 * and once the key is gone a tag tells nothing.
 */
public final class SealedDetails {
  public static final int TAG_AT = DetailsKeyName.BYTES;
  public static final int TAG_BYTES = 16;

  /** Bytes that sealing adds to the details of one transfer. */
  public static final int HEAD_BYTES = TAG_AT + TAG_BYTES;

  private SealedDetails() {}
}
