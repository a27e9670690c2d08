package io.holdfast.cluster;

import io.holdfast.journal.JournalReach;
import java.util.concurrent.TimeUnit;

/**
 * Decides, after each round of a fetch, whether what lies in a directory is near enough to what the
 * sources have, so that the log of consensus can bring the rest.
 *
 * <p>What a start needs for certain is little: segments that follow each other without a gap from
 * op 1 on, up to an op that this node is known to have had. All else is made from them: runs from
 * their entries, the state by judging them again. But that takes time, in which the log goes on. So
 * a round is the last one when the segments reach what the sources had at the first round, and
 *
 * <ul>
 *   <li>nothing is lacking, and it brought nothing or was short; or, since there may be no such
 *       round while a ledger is paid on, whose files come and are merged faster than rounds,
 *   <li>what is lacking has not become less for some rounds and some time, and there is a
 *       checkpoint, if any source has one; or
 *   <li>twice as many rounds and as much time did not bring a checkpoint: each was gone before it
 *       was here.
 * </ul>
 *
 * <p>This comes to an end however fast the sources are paid on. Segments are never deleted, and
 * those that there were at the first round are no more than so many: some round has brought them.
 * The number of files that are lacking can become less only so often. If the log was cut past that
 * meanwhile, the leader says so ({@link ReplicaEvents#leftBehind}), and the next seeding begins
 * with all that this one brought.
 */
final class NearEnough {
  /** A round that takes no longer leaves less than the log's margin of minutes. */
  private static final long SHORT_ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

  /** Each round brings what came during the one before, so a few are as near as can be had. */
  static final int ROUNDS_ENOUGH = 6;

  /** In so long a source that was just started computes the digest of its largest run. */
  static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final long leastOp;
  private long beginningOp = -1; // what the sources had on disk when they were first heard
  private int least = Integer.MAX_VALUE; // files that were lacking after a round
  private int rounds; // since then
  private long sinceNanos;

  /**
   * @param leastOp the last op that this node is known to have had
   */
  NearEnough(long leastOp) {
    this.leastOp = leastOp;
  }

  /**
   * Takes in a round and says whether it was the last one.
   *
   * @param reach of the directory after it
   * @param tookNanos from its beginning to {@code nowNanos}
   */
  boolean after(Fetch.Round round, JournalReach reach, long tookNanos, long nowNanos) {
    if (round.sources() == 0) {
      return false;
    }
    if (beginningOp < 0) {
      beginningOp = round.durableOp();
    }
    if (reach.lastOp() < Math.max(leastOp, beginningOp)) {
      return false;
    }
    if (round.unfinished() < least) {
      least = round.unfinished();
      rounds = 0;
      sinceNanos = nowNanos;
    } else {
      rounds++;
    }
    boolean whole = round.unfinished() == 0 && reach.beyond().isEmpty();
    if (whole && (round.files() == 0 || tookNanos < SHORT_ROUND_NANOS)) {
      return true;
    }
    int times = reach.checkpointOp() > 0 || !round.checkpoints() ? 1 : 2;
    return rounds >= times * ROUNDS_ENOUGH && nowNanos - sinceNanos >= times * PATIENCE_NANOS;
  }
}
