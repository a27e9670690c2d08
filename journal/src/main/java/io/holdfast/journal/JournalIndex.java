package io.holdfast.journal;

import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Generation;
import io.holdfast.ledger.History;
import io.holdfast.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
  /** Events and ops in a generation, and so in a run: some 40 MB of memory. Part of the format. */
  public static final long GENERATION_WEIGHT = 1L << 18;

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
   * Opens the runs there are.
   *
   * @param lastOp of the journal; a run that tells of later ones is deleted
   * @param isDurable whether an op is on disk in the journal
   */
  static JournalIndex open(
      Journal.Setup setup,
      long lastOp,
      OpPlaces places,
      Suspects suspects,
      LongPredicate isDurable,
      Consumer<HoldfastException> failed)
      throws IOException {
    Path directory = setup.indexDirectory();
    UInt128 ledgerId = setup.lineage().ledgerId();
    setup.disk().createDirectories(directory);
    List<Run> found = new ArrayList<>();
    try {
      for (Path file : RunFiles.settle(setup.disk(), directory)) {
        found.add(Run.open(setup.disk(), file, setup.dataKey(), ledgerId));
      }
      if (!found.isEmpty() && found.getFirst().firstOp() != 1) {
        throw IndexFaults.incomplete(found.getFirst().file(), found.getFirst().firstOp());
      }
      while (!found.isEmpty() && found.getLast().lastOp() > lastOp) {
        found.removeLast().discard(); // of ops that a crash took back from the journal
      }
    } catch (IOException | RuntimeException e) {
      for (Run run : found) {
        run.close();
      }
      throw e;
    }
    OpenRuns runs = new OpenRuns(found);
    IdHash hash = new IdHash(setup.dataKey(), ledgerId);
    JournalHistory history =
        new JournalHistory(setup.disk(), setup.directory(), setup.dataKey(), hash, runs);
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
            failed);
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
   */
  public LedgerQueries queries(Ledger ledger, Lock lock) {
    return new LedgerQueries(ledger, history, lock, directory);
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
