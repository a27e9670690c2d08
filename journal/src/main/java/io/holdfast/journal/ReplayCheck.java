package io.holdfast.journal;

import io.holdfast.kernel.DiskFaults;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Compares batches that consensus brings again with the entries that the journal has of them. For
 * one thread.
 */
public final class ReplayCheck implements AutoCloseable {
  private final Path directory;
  private final long lastOp;
  private final @Nullable JournalReader reader;
  private long op;

  ReplayCheck(Journal.Setup setup, long afterOp, long lastOp) throws IOException {
    this.directory = setup.directory();
    this.lastOp = lastOp;
    this.op = afterOp;
    this.reader =
        afterOp == lastOp
            ? null
            : JournalReader.open(setup.disk(), directory, setup.dataKey(), afterOp + 1);
  }

  /** Whether no batch that comes is in the journal already. */
  public boolean isOver() {
    return op == lastOp;
  }

  /** The op compared last. */
  public long op() {
    return op;
  }

  /**
   * Compares the next batch.
   *
   * @throws io.holdfast.kernel.HoldfastException code {@code journal-differs}
   */
  public void compare(MemorySegment batch, int batchBytes, long term, long index) {
    try {
      Entry entry = reader == null ? null : reader.next();
      op++;
      if (entry == null || entry.op() != op) {
        throw JournalFaults.lost(directory, op - 1, lastOp);
      }
      boolean sameBytes =
          entry.batchBytes() == batchBytes
              && entry.batch().mismatch(batch.asSlice(0, batchBytes)) < 0;
      if (!sameBytes || entry.term() != term || entry.index() != index) {
        throw JournalFaults.differs(op, EntryLayout.HEADER_BYTES);
      }
      if (isOver()) {
        close();
      }
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  @Override
  public void close() {
    if (reader != null) {
      try {
        reader.close();
      } catch (IOException e) {
        throw DiskFaults.coded(e, directory);
      }
    }
  }
}
