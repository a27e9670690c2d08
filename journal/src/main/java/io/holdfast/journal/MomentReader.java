package io.holdfast.journal;

import io.holdfast.kernel.DiskFaults;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Recent;
import io.holdfast.ledger.RecentQueries;
import io.holdfast.ledger.RecentWalk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the ledger has in memory under its lock, together with a view of what it has forgotten
 * by that same moment; the view is then read without the lock. For one thread.
 */
final class MomentReader {
  private final Ledger ledger;
  private final JournalHistory history;
  private final Lock lock;
  private final Path directory;
  private final int part;
  private long op;

  /**
   * @param part movements in memory that are looked at before others may go on
   */
  MomentReader(Ledger ledger, JournalHistory history, Lock lock, Path directory, int part) {
    this.ledger = ledger;
    this.history = history;
    this.lock = lock;
    this.directory = directory;
    this.part = part;
  }

  /** What was in memory, and the past of that same moment; null when it is not needed. */
  record Moment<T>(T recent, @Nullable PastView past) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      if (past != null) {
        past.close();
      }
    }
  }

  /** Something that is read from disk. */
  interface Read<T> {
    T read() throws IOException;
  }

  /** The op after which the last answer was so. */
  long op() {
    return op;
  }

  /** Reads what is in memory alone. */
  <T> T locked(Function<RecentQueries, T> read) {
    lock.lock();
    try {
      T answer = read.apply(ledger.queries());
      op = ledger.op();
      return answer;
    } finally {
      lock.unlock();
    }
  }

  /** Reads what is in memory; with the past, if there is one and the answer is not complete. */
  <T> Moment<T> moment(Function<RecentQueries, T> read, Predicate<T> isComplete) {
    return locked(
        queries -> {
          T recent = read.apply(queries);
          boolean complete = history.isEmpty() || isComplete.test(recent);
          return new Moment<>(recent, complete ? null : history.view());
        });
  }

  /**
   * The same of a walk, which is parted so that a long one does not hold up what is applied: it is
   * of the moment it began at, and begins anew when something was forgotten since.
   */
  <T> Moment<Optional<Recent<T>>> walked(
      Function<RecentQueries, Optional<RecentWalk<T>>> begin, Predicate<Recent<T>> isComplete) {
    while (true) {
      Optional<RecentWalk<T>> begun = locked(begin);
      if (begun.isEmpty()) {
        return new Moment<>(Optional.empty(), null);
      }
      RecentWalk<T> walk = begun.get();
      Moment<Optional<Recent<T>>> moment = null;
      RecentWalk.State state = RecentWalk.State.UNDER_WAY;
      while (state == RecentWalk.State.UNDER_WAY) {
        lock.lock();
        try {
          state = walk.advance(part);
          if (state == RecentWalk.State.DONE) {
            boolean complete = history.isEmpty() || isComplete.test(walk.recent());
            moment = new Moment<>(Optional.of(walk.recent()), complete ? null : history.view());
          }
        } finally {
          lock.unlock();
        }
      }
      if (moment != null) {
        return moment;
      }
    }
  }

  /** Reads the past; what its files fail with, names them. */
  <T> T fromDisk(Read<T> read) {
    try {
      return read.read();
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }
}
