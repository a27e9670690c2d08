package io.holdfast.journal;

import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Generation;
import io.holdfast.ledger.History;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.RecentWalk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds in the journal what a ledger has forgotten. The thread that applies gives it each
 * generation that the ledger completes, and later lets the ledger forget those that come back as
 * indexed; from then on they are answered for here.
 */
public final class JournalIndex implements AutoCloseable {
  /**
   * Events and ops in a generation, and so in a run, unless told otherwise: some 40 MB of memory.
   */
  public static final int GENERATION_WEIGHT = 1 << 18;

  private final OpenRuns runs;
  private final JournalHistory history;
  private final Indexer indexer;
  private final Path directory;

  private JournalIndex(OpenRuns runs, JournalHistory history, Indexer indexer, Path directory) {
    this.runs = runs;
    this.history = history;
    this.indexer = indexer;
    this.directory = directory;
  }

  /**
   * Opens the index; makes of it what is missing.
   *
   * @param lastOp of the journal
   * @param isDurable whether an op is on disk in the journal
   * @param told as {@link IndexOpening#open}
   * @param ownThread as {@link Indexer}
   */
  static JournalIndex open(
      Journal.Setup setup,
      long lastOp,
      OpPlaces places,
      Suspects suspects,
      LongPredicate isDurable,
      Consumer<HoldfastException> failed,
      Consumer<String> told,
      boolean ownThread)
      throws IOException {
    Path directory = setup.indexDirectory();
    UInt128 ledgerId = setup.lineage().ledgerId();
    OpenRuns runs = IndexOpening.open(setup, lastOp, told);
    IdHash hash = new IdHash(setup.dataKey(), ledgerId);
    Indexer indexer =
        new Indexer(
            setup.disk(),
            directory,
            setup.dataKey(),
            ledgerId,
            places,
            runs,
            suspects,
            isDurable,
            failed,
            ownThread);
    JournalHistory history =
        new JournalHistory(
            setup.disk(), setup.directory(), setup.dataKey(), hash, runs, indexer::then);
    indexer.start();
    return new JournalIndex(runs, history, indexer, setup.directory());
  }

  /** The ledger begins after this op, with nothing before it in memory. */
  void begin(long afterOp) {
    history.forgotten(afterOp);
  }

  /** For the ledger: what it asks before it judges. */
  public History history() {
    return history;
  }

  /**
   * Answers over all of a ledger's history.
   *
   * @param lock under which the ledger does not change
   * @param detailsKeys open details that are sealed
   */
  public LedgerQueries queries(Ledger ledger, Lock lock, DetailsKeys detailsKeys) {
    return new LedgerQueries(ledger, history, lock, detailsKeys, directory, RecentWalk.PART);
  }

  /** Takes a complete generation; waits while too many wait to be indexed. */
  public void add(Generation generation) {
    indexer.index(generation);
  }

  /**
   * The next generation, the oldest first, that the ledger may forget; null while there is none.
   */
  public @Nullable Generation indexed() {
    return indexer.indexed();
  }

  /** The ledger has forgotten this generation, and nobody reads it any more. */
  public void forgotten(Generation generation, Ledger ledger) {
    history.forgotten(generation.lastOp());
    indexer.then(() -> ledger.recycle(generation));
  }

  /** Whether no runs are left that are to be merged. */
  public boolean isMerged() {
    return RunTiers.due(runs.all()).isEmpty();
  }

  /** Gives the file of a damaged run another name, so that the next start makes it anew. */
  void setAside(DamagedFileException damage) throws IOException {
    for (Run run : runs.all()) {
      if (String.valueOf(run.file().getFileName()).equals(damage.name())) {
        run.setAside();
      }
    }
  }

  /** A file was replaced by what it should be: who reads opens it anew. */
  void mended(FileKind kind, Path file) {
    switch (kind) {
      case SEGMENT -> runs.refresh();
      case RUN -> indexer.reopen(file);
      case CHECKPOINT -> {}
    }
  }

  public IndexStats stats() {
    long bytes = 0;
    List<Run> all = runs.all();
    for (Run run : all) {
      bytes += run.sizeBytes();
    }
    return new IndexStats(runs.lastOp(), all.size(), bytes, indexer.waiting());
  }

  /** The level of each run, the oldest first. */
  List<Integer> levels() {
    return runs.all().stream().map(Run::level).toList();
  }

  @Override
  public void close() {
    indexer.close();
    try {
      history.close();
      runs.close();
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }
}
