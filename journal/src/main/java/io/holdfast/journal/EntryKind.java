package io.holdfast.journal;

import io.holdfast.ledger.RequestKind;
import java.util.Locale;

/** What an entry of the journal is. */
public enum EntryKind {
  /** Requests of clients. */
  BATCH(1),
  /** Reservations whose time was over, released. */
  PULSE(2),
  /** The keys of a period's details, destroyed. */
  DESTRUCTION(3);

  private final int code;

  EntryKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** The name that users see. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static boolean isKnown(int code) {
    return code >= BATCH.code && code <= DESTRUCTION.code;
  }

  static EntryKind ofCode(int code) {
    return switch (code) {
      case 1 -> BATCH;
      case 2 -> PULSE;
      default -> DESTRUCTION;
    };
  }

  /** What a batch of such requests becomes. */
  static EntryKind of(RequestKind kind) {
    return switch (kind) {
      case CREATE_ACCOUNTS, CREATE_TRANSFERS -> BATCH;
      case PULSE -> PULSE;
      case DESTROY_DETAILS -> DESTRUCTION;
    };
  }
}
