package io.holdfast.vault;

import java.util.List;

/**
 * What a run of {@link Verify} found.
 *
 * @param kept where it is kept
 * @param mode how it was done
 * @param objects that were fetched, opened and compared
 * @param bytes of those, as they are stored
 * @param skipped objects that an earlier run proved, and that are there
 * @param streams how far each branch can be restored
 * @param findings what is wrong; nothing when this is empty
 */
public record VerifyResult(
    Kept kept,
    String mode,
    List<Backup> backups,
    long objects,
    long bytes,
    long skipped,
    List<Stream> streams,
    List<Finding> findings,
    long durationMillis) {
  public VerifyResult {
    backups = List.copyOf(backups);
    streams = List.copyOf(streams);
    findings = List.copyOf(findings);
  }

  /** Whether a later run can rely on what this one proved. */
  public sealed interface Kept {
    /** It can: this object says it. */
    record In(String record) implements Kept {}

    /** It can't, for the repository did not take the record. */
    record Nowhere(String why) implements Kept {}
  }

  /** A backup, and how much is wrong with what it needs. */
  public record Backup(Manifests.Named named, int findings) {}

  /**
   * The tails after the last backup of a branch.
   *
   * @param after name of that backup
   * @param lastOp that can be restored
   * @param lastTime of that op
   */
  public record Stream(String branch, String after, int tails, long lastOp, long lastTime) {}

  public boolean proved() {
    return findings.isEmpty();
  }
}
