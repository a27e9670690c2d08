package io.holdfast.ledger;

/** The bits of an account's flags. */
public final class AccountFlags {
  public static final int LINKED = 1;
  public static final int DEBITS_MUST_NOT_EXCEED_CREDITS = 2;
  public static final int CREDITS_MUST_NOT_EXCEED_DEBITS = 4;
  public static final int HISTORY = 8;
  public static final int IMPORTED = 16;
  public static final int CLOSED = 32;

  /** All bits that have a meaning. */
  public static final int KNOWN = 63;

  private AccountFlags() {}
}
