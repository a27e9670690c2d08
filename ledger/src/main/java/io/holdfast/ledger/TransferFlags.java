package io.holdfast.ledger;

/** The bits of a transfer's flags. */
public final class TransferFlags {
  public static final int LINKED = 1;
  public static final int PENDING = 2;
  public static final int POST_PENDING_TRANSFER = 4;
  public static final int VOID_PENDING_TRANSFER = 8;
  public static final int BALANCING_DEBIT = 16;
  public static final int BALANCING_CREDIT = 32;
  public static final int CLOSING_DEBIT = 64;
  public static final int CLOSING_CREDIT = 128;
  public static final int IMPORTED = 256;

  /** All bits that have a meaning. */
  public static final int KNOWN = 511;

  private TransferFlags() {}
}
