package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a journal in order, read, opened and checked by a thread of its own some entries
 * before they are asked for, beside the one that judges them. What goes wrong there is thrown where
 * the entry would have come. One other thread takes.
 */
final class ReadAhead implements PlacedEntries {
  /** Entries that wait: some MB, enough that neither thread waits for single slow ones. */
  private static final int ENTRIES = 8;

  private static final long POLL_MILLIS = 100;

  private final Disk disk;
  private final Path directory;
  private final DataKey dataKey;
  private final long fromOp;
  private final BlockingQueue<Step> steps = new ArrayBlockingQueue<>(ENTRIES);
  private final Thread thread =
      Thread.ofPlatform().name("holdfast-read-ahead").daemon().unstarted(this::read);
  private volatile boolean closed;

  /** What the reading thread came to. */
  private sealed interface Step {
    record Next(Placed placed) implements Step {}

    record End() implements Step {}

    record Failed(Throwable why) implements Step {}
  }

  private ReadAhead(Disk disk, Path directory, DataKey dataKey, long fromOp) {
    this.disk = disk;
    this.directory = directory;
    this.dataKey = dataKey;
    this.fromOp = fromOp;
  }

  static ReadAhead of(Disk disk, Path directory, DataKey dataKey, long fromOp) {
    ReadAhead ahead = new ReadAhead(disk, directory, dataKey, fromOp);
    ahead.thread.start();
    return ahead;
  }

  @Override
  public @Nullable Placed next() throws IOException {
    try {
      return switch (steps.take()) {
        case Step.Next(Placed placed) -> placed;
        case Step.End() -> null;
        case Step.Failed(IOException why) -> throw why;
        case Step.Failed(RuntimeException why) -> throw why;
        case Step.Failed(Throwable why) -> throw new IllegalStateException("cannot read", why);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the journal was read", e);
    }
  }

  private void read() {
    try (JournalReader reader = JournalReader.open(disk, directory, dataKey, fromOp)) {
      for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
        if (!put(new Step.Next(new Placed(entry, reader.segment(), reader.offset())))) {
          return;
        }
      }
      put(new Step.End());
    } catch (Throwable t) {
      put(new Step.Failed(t));
    }
  }

  /** Waits for room; false when nobody will take it. */
  private boolean put(Step step) {
    try {
      while (!closed) {
        if (steps.offer(step, POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  /** Reads no further. */
  @Override
  public void close() {
    closed = true;
    steps.clear();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
