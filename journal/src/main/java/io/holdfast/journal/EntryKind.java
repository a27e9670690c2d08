package io.holdfast.journal;

import java.util.Locale;

/** What an entry of the journal is. */
public enum EntryKind {
  /** Requests of clients. */
  BATCH(1),
  /** Reservations whose time was over, released. */
  PULSE(2);

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
    return code == BATCH.code || code == PULSE.code;
  }

  static EntryKind ofCode(int code) {
    return code == BATCH.code ? BATCH : PULSE;
  }
}
