package io.holdfast.node;

import org.jspecify.annotations.Nullable;

/**
 * How a repository is, as one node knows.
 *
 * @param state {@code elsewhere} (another node has the duty), {@code streams}, {@code timed}
 *     (without a stream), {@code first-backup} (the stream waits for it), {@code fails}
 * @param rpoSeconds age of the oldest op that it lacks; 0 when it lacks none, -1 when not known
 * @param lastOp it has all up to here
 * @param lastOpNanos time of that op, since 1970; the newest moment that can be restored
 * @param streamedBytes since the node started
 * @param backedUpBytes since the node started
 * @param failures since the node started, of stream and backups
 * @param key {@code ok}, {@code lost} or {@code unknown}: whether the master key opens it
 * @param keyWords why it does not; empty if it does
 */
public record RepositoryStatus(
    String name,
    String location,
    boolean continuous,
    String schedule,
    String state,
    double rpoSeconds,
    long lastOp,
    long lastOpNanos,
    long streamedBytes,
    long backedUpBytes,
    long failures,
    String key,
    String keyWords,
    Run run,
    @Nullable LastBackup lastBackup,
    @Nullable LastFailure lastFailure,
    @Nullable LastProof lastProof) {

  /**
   * The backup under way.
   *
   * @param running whether one is
   * @param ended how many have ended since the node started, well or not
   * @param allBytes -1 while it is not known
   */
  public record Run(
      boolean running, long ended, String step, long doneBytes, long allBytes, String outcome) {}

  /** The newest backup of this history in the repository. */
  public record LastBackup(
      String name,
      String node,
      long takenAtMillis,
      long lastOp,
      long sourceBytes,
      long sentBytes,
      long tookMillis) {}

  /** What went wrong last, since the node started. */
  public record LastFailure(String during, long atMillis, String code, String message) {}

  /** What was found when it was proved last that it can be restored. */
  public record LastProof(long atMillis, boolean whole, String words) {}
}
