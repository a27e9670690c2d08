package io.holdfast.node;

import io.holdfast.kernel.HoldfastException;

/**
 * With which number a node's process ends, so that a supervisor knows whether to start it again;
 * see docs/reference/exit-codes.md.
 */
public enum ExitCode {
  /** Stopped in good order. */
  STOPPED(0),
  /** A fault that has no code. */
  UNEXPECTED(1),
  /** A wrong setting or command; starting again does not help. */
  BAD_SETTING(2),
  /** The directory, its keys or its identity are not fit; starting again does not help. */
  NOT_THIS_NODE(3),
  /** An address or the directory is in use by another process. */
  IN_USE(4),
  /** The disk is full or failed. */
  DISK(5),
  /** What is stored is damaged; starting again does not help. */
  DAMAGED(6),
  /** The node stopped itself, since going on could lose or invent money. */
  HALTED(7),
  /** A stop took too long, or was asked for twice. */
  STOP_CUT_SHORT(8);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** For a fault at start. */
  public static ExitCode of(HoldfastException fault) {
    String code = fault.code();
    return switch (code) {
      case "bad-setting" -> BAD_SETTING;
      case "directory-in-use", "port-in-use", "address-unavailable" -> IN_USE;
      case "disk-full", "disk-failed" -> DISK;
      case "log-damaged",
          "log-lost",
          "progress-damaged",
          "journal-damaged",
          "journal-lost",
          "journal-differs",
          "replica-diverged",
          "members-damaged",
          "base-differs" ->
          DAMAGED;
      case "wrong-data-key",
          "wrong-ledger",
          "wrong-lineage",
          "refused-by-site",
          "format-unknown",
          "lost-disk",
          "node-removed",
          "other-incarnation",
          "recovery-unfinished",
          "join-damaged" ->
          NOT_THIS_NODE;
      case "state-machine-failed",
          "consensus-ended",
          "journal-failed",
          "index-failed",
          "index-damaged",
          "checkpoint-failed" ->
          HALTED;
      default -> ofFamily(code);
    };
  }

  /** For a fault that made a running node stop itself. */
  public static ExitCode ofHalt(HoldfastException fault) {
    ExitCode code = of(fault);
    return code == UNEXPECTED ? HALTED : code;
  }

  private static ExitCode ofFamily(String code) {
    if (code.startsWith("config-")) {
      return BAD_SETTING;
    }
    if (code.startsWith("sealed-payload-")) {
      return DAMAGED;
    }
    boolean identity =
        code.startsWith("genesis-")
            || code.startsWith("key-file-")
            || code.startsWith("certificate-")
            || code.startsWith("directory-");
    return identity ? NOT_THIS_NODE : UNEXPECTED;
  }
}
