package io.holdfast.cli;

/** What a command ends with; scripts may rely on it. See docs/reference/cli.md. */
final class ExitCodes {
  static final int OK = 0;

  /** It failed; the error says why. */
  static final int FAILED = 1;

  /** The command line or a file that it names is wrong; nothing was done. */
  static final int USAGE = 2;

  /** The ledger refused the event by its rules; it is not in the ledger. */
  static final int REFUSED = 3;

  /** No answer in time: it may or may not have happened. Repeat with the same ids. */
  static final int OUTCOME_UNKNOWN = 4;

  /** Nobody could be asked, or nobody took it: it did not happen. */
  static final int UNAVAILABLE = 5;

  /** The import is done, but rows were rejected. */
  static final int ROWS_REJECTED = 6;

  /** It was done, but the proof found a difference. */
  static final int NOT_PROVED = 7;

  /** A fault of ours. */
  static final int INTERNAL = 70;

  static final int INTERRUPTED = 130;

  private ExitCodes() {}

  /** The exit code for an error's code. */
  static int of(String errorCode) {
    return switch (errorCode) {
      case "usage",
          "malformed-mapping",
          "malformed-csv",
          "malformed-id",
          "malformed-number",
          "malformed-amount",
          "malformed-period",
          "not-confirmed",
          "time-to-come",
          "no-such-moment",
          "nothing-to-correct",
          "too-many-corrections",
          "corrections-exist",
          "corrections-unreadable",
          "corrections-damaged",
          "corrections-differ",
          "archive-exists",
          "same-operator",
          "wrong-setting",
          "unknown-setting",
          "unknown-column",
          "no-dates",
          "no-gateway",
          "no-journal",
          "no-site-log",
          "no-site",
          "no-repository",
          "no-such-repository",
          "no-such-backup",
          "no-such-hold",
          "no-retention",
          "no-master-key",
          "malformed-location",
          "malformed-passphrase",
          "malformed-slot-name",
          "weak-passphrase" ->
          USAGE;
      case "event-refused", "corrections-refused" -> REFUSED;
      case "outcome-unknown" -> OUTCOME_UNKNOWN;
      case "no-leader",
          "overloaded",
          "unavailable",
          "repository-unavailable",
          "repository-busy",
          "key-service-unavailable" ->
          UNAVAILABLE;
      case "rows-rejected" -> ROWS_REJECTED;
      case "not-proved",
          "restore-not-proved",
          "journal-damaged",
          "index-damaged",
          "checkpoint-damaged",
          "site-log-damaged",
          "object-damaged",
          "object-missing",
          "signature-wrong",
          "repository-damaged",
          "archive-damaged",
          "backup-not-proved" ->
          NOT_PROVED;
      case "internal" -> INTERNAL;
      case "interrupted" -> INTERRUPTED;
      default -> FAILED;
    };
  }
}
