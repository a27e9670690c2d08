package io.holdfast.vault;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.DetailsKeys;
import io.holdfast.journal.Journal;
import io.holdfast.journal.JournalCut;
import io.holdfast.journal.JournalIndex;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.Recovery;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Queries;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A ledger as it was after one op, opened from files of its own: nothing is ever applied to it, so
 * that every answer is of that op.
 *
 * <p>For any thread; each needs {@link #queries} of its own.
 */
public final class Moment implements AutoCloseable {
  private static final UUID NO_GROUP = new UUID(0, 0); // nothing comes from consensus

  private final Journal journal;
  private final Ledger ledger;
  private final DetailsKeys detailsKeys;
  private final JournalCut.End end;
  private final ReentrantLock lock = new ReentrantLock();

  private Moment(Journal journal, Ledger ledger, DetailsKeys detailsKeys, JournalCut.End end) {
    this.journal = journal;
    this.ledger = ledger;
    this.detailsKeys = detailsKeys;
    this.end = end;
  }

  /**
   * Opens the moment after an op. The files are cut there, and what was not made yet of what comes
   * before is made: so they must be nobody else's.
   *
   * @param directory laid out as a node's
   * @param told of what takes long, in words
   * @throws HoldfastException code {@code journal-damaged}, and those of {@link Journal#open} and
   *     {@link Recovery#run}
   */
  public static Moment open(Path directory, long op, Consumer<String> told) {
    Path keys = MomentFiles.keys(directory);
    DataKey dataKey = DataKey.read(keys.resolve(DataKey.FILE));
    JournalPlaces places = JournalPlaces.in(directory);
    JournalCut.End end;
    try {
      end = JournalCut.after(SystemDisk.INSTANCE, places.segments(), dataKey, op);
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
    Journal journal =
        Journal.open(
            new Journal.Setup(
                SystemDisk.INSTANCE,
                places.segments(),
                places.runs(),
                places.checkpoints(),
                dataKey,
                end.lineage(),
                NO_GROUP,
                op,
                Journal.SEGMENT_BYTES,
                1),
            failure -> told.accept(failure.message()),
            told);
    try {
      long hashSeed = new SecureRandom().nextLong();
      Ledger ledger =
          journal
              .recovery()
              .run(
                  () ->
                      new Ledger(
                          hashSeed, journal.index().history(), JournalIndex.GENERATION_WEIGHT))
              .ledger();
      DetailsKeys detailsKeys =
          DetailsKeys.open(SystemDisk.INSTANCE, MomentFiles.detailsKeys(directory), dataKey);
      detailsKeys.learn(ledger.detailsKeys());
      return new Moment(journal, ledger, detailsKeys, end);
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  public UInt128 ledgerId() {
    return end.lineage().ledgerId();
  }

  /** The op after which all is so. */
  public long op() {
    return end.op();
  }

  /** When that op came, in nanoseconds since 1970. */
  public long timeNanos() {
    return end.timeNanos();
  }

  public long accounts() {
    return ledger.accountCount();
  }

  public long transfers() {
    return ledger.transferCount();
  }

  /** Answers; for one thread. */
  public Queries queries() {
    return journal.index().queries(ledger, lock, detailsKeys);
  }

  @Override
  public void close() {
    journal.close();
    ledger.close();
  }
}
