package io.holdfast.ledger;

/** What a movement does to the balances of its two accounts. */
public enum MovementKind {
  /** Adds its amount to what is posted. */
  PAYMENT(0),
  /** Adds its amount to what is pending. */
  RESERVE(1),
  /** Takes what was reserved from what is pending, and adds its amount to what is posted. */
  POST(2),
  /** Takes what was reserved from what is pending. */
  VOID(3),
  /** The same, because its time was over. */
  EXPIRE(4);

  private static final MovementKind[] BY_CODE = values();

  private final int code;

  MovementKind(int code) {
    this.code = code;
  }

  /** Its number in files. */
  public int code() {
    return code;
  }

  /** The kind with this number, which must be one. */
  public static MovementKind ofCode(int code) {
    return BY_CODE[code];
  }

  /** That of a movement with these flags, as they are stored. */
  public static MovementKind of(int flags) {
    if ((flags & TransferStore.EXPIRY) != 0) {
      return EXPIRE;
    }
    if ((flags & TransferFlags.PENDING) != 0) {
      return RESERVE;
    }
    if ((flags & TransferFlags.POST_PENDING_TRANSFER) != 0) {
      return POST;
    }
    return (flags & TransferFlags.VOID_PENDING_TRANSFER) != 0 ? VOID : PAYMENT;
  }

  /** Whether it ends a reservation. */
  public boolean resolves() {
    return code >= POST.code;
  }
}
