package io.holdfast.journal;

/**
 * A file of a node that others can have.
 *
 * @param sizeBytes of the file; of a segment that is still written, of what is on disk of it
 * @param sha256 over so many bytes, in hex
 * @param complete whether it will never change; only a segment may not be
 */
public record StoredFile(
    FileKind kind, String name, long sizeBytes, String sha256, boolean complete) {
  /**
   * @throws IllegalArgumentException when no file of the kind can have this name
   */
  public StoredFile {
    if (!kind.isName(name) || sizeBytes < 0) {
      throw new IllegalArgumentException("no " + kind + " is called " + name);
    }
  }

  private static final int OP_DIGITS = 20;

  /** The first op that its name tells of; of a checkpoint its op. */
  public long firstOp() {
    return opOf(name);
  }

  /** The op that a file's name begins with. */
  public static long opOf(String name) {
    return Long.parseLong(name.substring(0, OP_DIGITS));
  }

  static long lastOpOfRun(String name) {
    return Long.parseLong(name.substring(OP_DIGITS + 1, OP_DIGITS + 1 + OP_DIGITS));
  }

  /** Whether a run lies within another, so that only the other is needed. */
  public boolean isWithin(StoredFile other) {
    return kind == FileKind.RUN
        && other.kind == FileKind.RUN
        && !name.equals(other.name)
        && other.firstOp() <= firstOp()
        && other.lastOpOfRun() >= lastOpOfRun();
  }

  private long lastOpOfRun() {
    return lastOpOfRun(name);
  }
}
