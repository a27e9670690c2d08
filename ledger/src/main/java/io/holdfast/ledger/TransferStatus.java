package io.holdfast.ledger;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one transfer event. Declared in order of precedence: the first that applies is the
 * answer. Codes are stable and go on the wire as unsigned 32-bit integers.
 */
public enum TransferStatus {
  LINKED_EVENT_FAILED(1),
  LINKED_EVENT_CHAIN_OPEN(2),
  IMPORTED_EVENT_EXPECTED(56),
  IMPORTED_EVENT_NOT_EXPECTED(57),
  TIMESTAMP_MUST_BE_ZERO(3),
  IMPORTED_EVENT_TIMESTAMP_OUT_OF_RANGE(58),
  IMPORTED_EVENT_TIMESTAMP_MUST_NOT_ADVANCE(59),
  RESERVED_FLAG(4),
  ID_MUST_NOT_BE_ZERO(5),
  ID_MUST_NOT_BE_INT_MAX(6),
  EXISTS_WITH_DIFFERENT_FLAGS(36),
  EXISTS_WITH_DIFFERENT_PENDING_ID(40),
  EXISTS_WITH_DIFFERENT_TIMEOUT(44),
  EXISTS_WITH_DIFFERENT_DEBIT_ACCOUNT_ID(37),
  EXISTS_WITH_DIFFERENT_CREDIT_ACCOUNT_ID(38),
  EXISTS_WITH_DIFFERENT_AMOUNT(39),
  EXISTS_WITH_DIFFERENT_USER_DATA_128(41),
  EXISTS_WITH_DIFFERENT_USER_DATA_64(42),
  EXISTS_WITH_DIFFERENT_USER_DATA_32(43),
  EXISTS_WITH_DIFFERENT_LEDGER(67),
  EXISTS_WITH_DIFFERENT_CODE(45),
  EXISTS_WITH_DIFFERENT_DETAILS(69),
  EXISTS(46),
  ID_ALREADY_FAILED(68),
  FLAGS_ARE_MUTUALLY_EXCLUSIVE(7),
  PENDING_ID_MUST_NOT_BE_ZERO(14),
  PENDING_ID_MUST_NOT_BE_INT_MAX(15),
  PENDING_ID_MUST_BE_DIFFERENT(16),
  TIMEOUT_RESERVED_FOR_PENDING_TRANSFER(17),
  PENDING_TRANSFER_NOT_FOUND(25),
  PENDING_TRANSFER_NOT_PENDING(26),
  PENDING_TRANSFER_HAS_DIFFERENT_DEBIT_ACCOUNT_ID(27),
  PENDING_TRANSFER_HAS_DIFFERENT_CREDIT_ACCOUNT_ID(28),
  PENDING_TRANSFER_HAS_DIFFERENT_LEDGER(29),
  PENDING_TRANSFER_HAS_DIFFERENT_CODE(30),
  EXCEEDS_PENDING_TRANSFER_AMOUNT(31),
  PENDING_TRANSFER_HAS_DIFFERENT_AMOUNT(32),
  PENDING_TRANSFER_ALREADY_POSTED(33),
  PENDING_TRANSFER_ALREADY_VOIDED(34),
  PENDING_TRANSFER_EXPIRED(35),
  DEBIT_ACCOUNT_ID_MUST_NOT_BE_ZERO(8),
  DEBIT_ACCOUNT_ID_MUST_NOT_BE_INT_MAX(9),
  CREDIT_ACCOUNT_ID_MUST_NOT_BE_ZERO(10),
  CREDIT_ACCOUNT_ID_MUST_NOT_BE_INT_MAX(11),
  ACCOUNTS_MUST_BE_DIFFERENT(12),
  PENDING_ID_MUST_BE_ZERO(13),
  CLOSING_TRANSFER_MUST_BE_PENDING(64),
  LEDGER_MUST_NOT_BE_ZERO(19),
  CODE_MUST_NOT_BE_ZERO(20),
  DEBIT_ACCOUNT_NOT_FOUND(21),
  CREDIT_ACCOUNT_NOT_FOUND(22),
  ACCOUNTS_MUST_HAVE_THE_SAME_LEDGER(23),
  TRANSFER_MUST_HAVE_THE_SAME_LEDGER_AS_ACCOUNTS(24),
  IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS(60),
  IMPORTED_EVENT_TIMESTAMP_MUST_POSTDATE_DEBIT_ACCOUNT(61),
  IMPORTED_EVENT_TIMESTAMP_MUST_POSTDATE_CREDIT_ACCOUNT(62),
  IMPORTED_EVENT_TIMEOUT_MUST_BE_ZERO(63),
  DEBIT_ACCOUNT_ALREADY_CLOSED(65),
  CREDIT_ACCOUNT_ALREADY_CLOSED(66),
  OVERFLOWS_DEBITS_PENDING(47),
  OVERFLOWS_CREDITS_PENDING(48),
  OVERFLOWS_DEBITS_POSTED(49),
  OVERFLOWS_CREDITS_POSTED(50),
  OVERFLOWS_DEBITS(51),
  OVERFLOWS_CREDITS(52),
  OVERFLOWS_TIMEOUT(53),
  EXCEEDS_CREDITS(54),
  EXCEEDS_DEBITS(55),
  CREATED(-1);

  private static final @Nullable TransferStatus[] BY_CODE = new TransferStatus[128];

  static {
    for (TransferStatus status : values()) {
      if (status != CREATED) {
        BY_CODE[status.code] = status;
      }
    }
  }

  private final int code;
  private final String label = name().toLowerCase(Locale.ROOT);

  TransferStatus(int code) {
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

  /**
   * Whether an id that was refused so is remembered as failed: it depends on what other events did
   * before, so an identical event must not succeed later when a caller repeats it.
   */
  public boolean isTransient() {
    return switch (this) {
      case DEBIT_ACCOUNT_NOT_FOUND,
          CREDIT_ACCOUNT_NOT_FOUND,
          PENDING_TRANSFER_NOT_FOUND,
          EXCEEDS_CREDITS,
          EXCEEDS_DEBITS,
          DEBIT_ACCOUNT_ALREADY_CLOSED,
          CREDIT_ACCOUNT_ALREADY_CLOSED ->
          true;
      default -> false;
    };
  }

  /** The status with this number on the wire. */
  public static TransferStatus ofCode(int code) {
    if (code == CREATED.code) {
      return CREATED;
    }
    TransferStatus status = code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    if (status == null) {
      throw new IllegalArgumentException("no status has code " + Integer.toUnsignedString(code));
    }
    return status;
  }
}
