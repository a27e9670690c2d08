package io.holdfast.ledger;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one account event. Declared in order of precedence: the first that applies is the
 * answer. Codes are stable and go on the wire as unsigned 32-bit integers.
 */
public enum AccountStatus {
  LINKED_EVENT_FAILED(1),
  LINKED_EVENT_CHAIN_OPEN(2),
  IMPORTED_EVENT_EXPECTED(22),
  IMPORTED_EVENT_NOT_EXPECTED(23),
  TIMESTAMP_MUST_BE_ZERO(3),
  IMPORTED_EVENT_TIMESTAMP_OUT_OF_RANGE(24),
  IMPORTED_EVENT_TIMESTAMP_MUST_NOT_ADVANCE(25),
  RESERVED_FIELD(4),
  RESERVED_FLAG(5),
  ID_MUST_NOT_BE_ZERO(6),
  ID_MUST_NOT_BE_INT_MAX(7),
  EXISTS_WITH_DIFFERENT_FLAGS(15),
  EXISTS_WITH_DIFFERENT_USER_DATA_128(16),
  EXISTS_WITH_DIFFERENT_USER_DATA_64(17),
  EXISTS_WITH_DIFFERENT_USER_DATA_32(18),
  EXISTS_WITH_DIFFERENT_LEDGER(19),
  EXISTS_WITH_DIFFERENT_CODE(20),
  EXISTS(21),
  FLAGS_ARE_MUTUALLY_EXCLUSIVE(8),
  DEBITS_PENDING_MUST_BE_ZERO(9),
  DEBITS_POSTED_MUST_BE_ZERO(10),
  CREDITS_PENDING_MUST_BE_ZERO(11),
  CREDITS_POSTED_MUST_BE_ZERO(12),
  LEDGER_MUST_NOT_BE_ZERO(13),
  CODE_MUST_NOT_BE_ZERO(14),
  IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS(26),
  CREATED(-1);

  private static final @Nullable AccountStatus[] BY_CODE = new AccountStatus[128];

  static {
    for (AccountStatus status : values()) {
      if (status != CREATED) {
        BY_CODE[status.code] = status;
      }
    }
  }

  private final int code;
  private final String label = name().toLowerCase(Locale.ROOT);

  AccountStatus(int code) {
    this.code = code;
  }

  /** The number on the wire; {@link #CREATED} is 4294967295, all bits set. */
  public int code() {
    return code;
  }

  /** The name in the API, in snake case. */
  public String label() {
    return label;
  }

  /** Whether the event is in the ledger: it was created now or stood there already, equal. */
  public boolean isSuccess() {
    return this == CREATED || this == EXISTS;
  }

  /** The status with this number on the wire. */
  public static AccountStatus ofCode(int code) {
    if (code == CREATED.code) {
      return CREATED;
    }
    AccountStatus status = code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    if (status == null) {
      throw new IllegalArgumentException("no status has code " + Integer.toUnsignedString(code));
    }
    return status;
  }
}
