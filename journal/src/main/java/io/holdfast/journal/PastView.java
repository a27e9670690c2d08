package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The journal by its runs, as it was at one moment, up to an op: what a ledger has forgotten. For
 * one thread, until it is closed.
 */
final class PastView implements AutoCloseable {
  private final List<Run> runs;
  private final RunCursor[] cursors;
  private final EntryBytes bytes;
  private final EntryReader entries;
  private final long lastOp;

  /**
   * @param held runs that the caller holds and this releases
   * @param lastOp what lies behind it does not count
   */
  PastView(Disk disk, Path directory, DataKey dataKey, List<Run> held, long lastOp) {
    this.runs = held;
    this.cursors = new RunCursor[held.size()];
    this.bytes = new EntryBytes(disk, directory, dataKey);
    this.entries = new EntryReader(bytes);
    this.lastOp = lastOp;
  }

  /** The oldest first. */
  List<Run> runs() {
    return runs;
  }

  long lastOp() {
    return lastOp;
  }

  @SuppressWarnings("NullAway") // the array begins with nothing in it
  RunCursor cursor(int run) {
    if (cursors[run] == null) {
      cursors[run] = runs.get(run).cursor();
    }
    return cursors[run];
  }

  /** The entry that this address is in, which the run tells of. */
  EntryReader entry(int run, long address) throws IOException {
    long op = Address.op(address);
    RunCursor cursor = cursor(run);
    entries.turnTo(cursor.segment(op), cursor.offset(op), op);
    return entries;
  }

  @Override
  public void close() throws IOException {
    bytes.close();
    for (Run run : runs) {
      run.release();
    }
  }
}
