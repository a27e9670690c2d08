package io.holdfast.ledger;

/** The rules for the timestamps that imported events bring along. */
final class ImportedTimes {
  private final AccountStore accounts;
  private final TransferStore transfers;

  ImportedTimes(AccountStore accounts, TransferStore transfers) {
    this.accounts = accounts;
    this.transfers = transfers;
  }

  /**
   * Whether the timestamp is at or after the moment of the event itself. That is less than the time
   * of the batch: the events that follow in the batch, in this request or in a neighbour's, get
   * timestamps of their own up to the batch time, and one of those must not be taken already.
   */
  static boolean advances(long given, long now) {
    return given >= now;
  }

  /** Whether a transfer at this time would not be the newest movement, or meets an account. */
  boolean transferRegresses(long given) {
    return given <= transfers.lastTimestamp() || accounts.existsAt(given);
  }

  /** Whether an account at this time would not be the newest account, or meets a movement. */
  boolean accountRegresses(long given) {
    return given <= accounts.lastTimestamp() || transfers.existsAt(given);
  }
}
