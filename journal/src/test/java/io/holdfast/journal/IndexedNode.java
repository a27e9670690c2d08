package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.SystemDisk;
import io.holdfast.ledger.FrozenState;
import io.holdfast.ledger.Generation;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** A ledger with its journal and index in a directory, which forgets what is indexed. */
final class IndexedNode implements AutoCloseable {
  static final int GENERATION = 900;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final Journal journal;
  final List<String> said = new ArrayList<>();
  final LedgerRun run;
  final Queries queries;
  final Recovery.Recovered recovered;
  private final ReentrantLock lock = new ReentrantLock();
  private final int kept;
  private final Path directory;
  private final DataKey key;
  private final List<Generation> complete = new ArrayList<>();

  IndexedNode(Path directory, DataKey key, Lineage lineage, long seed, int kept, boolean varied) {
    this.kept = kept;
    this.directory = directory;
    this.key = key;
    this.journal =
        Journal.open(
            new Journal.Setup(
                SystemDisk.INSTANCE,
                directory.resolve("journal"),
                directory.resolve("index"),
                directory.resolve("checkpoints"),
                key,
                lineage,
                LedgerRun.GROUP,
                0,
                100_000,
                2,
                GENERATION),
            failure -> {
              throw failure;
            },
            said::add);
    this.recovered =
        journal.recovery().run(() -> new Ledger(seed, journal.index().history(), GENERATION));
    this.run = new LedgerRun(seed, 60, recovered.ledger(), varied);
    for (long op = 1; op <= run.ledger.op(); op++) {
      run.prepare();
    }
    this.queries = journal.index().queries(run.ledger, lock, keys());
  }

  private DetailsKeys keys() {
    return DetailsKeys.open(SystemDisk.INSTANCE, directory.resolve("keys"), key);
  }

  void next() {
    lock.lock();
    try {
      run.next();
    } finally {
      lock.unlock();
    }
    applied();
  }

  void next(List<Request> requests) {
    lock.lock();
    try {
      run.next(requests);
    } finally {
      lock.unlock();
    }
    applied();
  }

  private void applied() {
    Generation sealed = run.ledger.sealed();
    long op = run.ledger.op();
    boolean falls = sealed != null && journal.checkpoints().falls(op, run.ledger.accountCount());
    FrozenState state = falls ? run.ledger.freeze() : null;
    journal.append(run.ledger, run.batch, run.batchBytes, run.results, 1, op);
    if (state != null) {
      journal.checkpoints().write(state, 1, op, this::thaw);
    }
    if (sealed != null) {
      journal.index().add(sealed);
      complete.add(awaitIndexed());
      while (complete.size() > kept) {
        Generation oldest = complete.removeFirst();
        forget(oldest);
      }
    }
  }

  private void forget(Generation oldest) {
    lock.lock();
    try {
      run.ledger.forget(oldest);
      journal.index().forgotten(oldest, run.ledger);
    } finally {
      lock.unlock();
    }
  }

  /** For another thread, which looks at so many movements in memory before payments go on. */
  LedgerQueries queries(int part) {
    JournalHistory history = (JournalHistory) journal.index().history();
    return new LedgerQueries(run.ledger, history, lock, keys(), directory, part);
  }

  private void thaw() {
    lock.lock();
    try {
      run.ledger.thaw();
    } finally {
      lock.unlock();
    }
  }

  void awaitMerged() {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!journal.index().isMerged()) {
      assertThat(System.nanoTime()).as("runs are merged in time").isLessThan(until);
      Thread.onSpinWait();
    }
  }

  private Generation awaitIndexed() {
    long until = System.nanoTime() + PATIENCE.toNanos();
    Generation indexed = journal.index().indexed();
    while (indexed == null) {
      assertThat(System.nanoTime()).as("a generation is indexed in time").isLessThan(until);
      Thread.onSpinWait();
      indexed = journal.index().indexed();
    }
    return indexed;
  }

  @Override
  public void close() {
    journal.close();
    run.close();
  }
}
