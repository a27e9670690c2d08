package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A run is the index of consecutive ops of the journal in one file: where each op lies, what became
 * of each id, and the postings of each account. It never changes.
 *
 * <p>Any thread may use it, each with a {@link #cursor} of its own, while it holds the run: who
 * opened it holds it until {@link #close} or {@link #discard}, others between {@link #retain} and
 * {@link #release}. When the last lets go, file and mapping are closed.
 */
final class Run implements AutoCloseable {
  private final Disk disk;
  private final Path file;
  private final DiskFile in;
  private final DataKey dataKey;
  private final RunFooter footer;
  private final IdFilter filter;
  private final Arena mapping;
  private final RunTail tail;
  private final long sizeBytes;
  private final AtomicInteger holders = new AtomicInteger(1);
  private volatile boolean discarded;

  private Run(Disk disk, RunOpening opening, DataKey dataKey, IdFilter filter, Arena mapping) {
    this.disk = disk;
    this.file = opening.file();
    this.in = opening.in();
    this.dataKey = dataKey;
    this.footer = opening.footer();
    this.filter = filter;
    this.mapping = mapping;
    this.tail = opening.tail();
    this.sizeBytes = opening.sizeBytes();
  }

  /**
   * Opens a run, reading header, filter, footer and tail as a whole.
   *
   * @throws HoldfastException codes {@code index-damaged}, {@code wrong-data-key}
   */
  static Run open(Disk disk, Path file, DataKey dataKey, UInt128 ledgerId) throws IOException {
    DiskFile in = disk.openForReading(file);
    Arena mapping = Arena.ofShared();
    try {
      RunOpening opening = RunOpening.read(file, in, dataKey, ledgerId);
      return new Run(disk, opening, dataKey, opening.filter(mapping), mapping);
    } catch (IOException | RuntimeException e) {
      mapping.close();
      in.close();
      throw e;
    }
  }

  Path file() {
    return file;
  }

  long firstOp() {
    return footer.header().firstOp();
  }

  long lastOp() {
    return footer.header().lastOp();
  }

  /** Number in the journal, from 0, of its first movement. */
  long firstMovement() {
    return footer.header().firstMovement();
  }

  long movements() {
    return footer.header().movements();
  }

  /** Rows of ids. */
  long ids() {
    return footer.header().ids();
  }

  long postings() {
    return footer.header().postings();
  }

  /** 0 as built from the journal; a merged run is one above the highest of its inputs. */
  int level() {
    return footer.header().level();
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** SHA-256 over all of it: two runs that agree in it are the same. */
  byte[] digest() {
    return tail.digest().clone();
  }

  /** The smallest id; 0 without ids. */
  UInt128 minId() {
    return new UInt128(footer.minIdHi(), footer.minIdLo());
  }

  /** The largest id; 0 without ids. */
  UInt128 maxId() {
    return new UInt128(footer.maxIdHi(), footer.maxIdLo());
  }

  /** Whether an id is not outside of what the run's ids range over. */
  boolean isInRange(long hi, long lo) {
    return footer.header().ids() > 0
        && !IdsCursor.less(hi, lo, footer.minIdHi(), footer.minIdLo())
        && !IdsCursor.less(footer.maxIdHi(), footer.maxIdLo(), hi, lo);
  }

  /** Whether the run's ids reach into this range. */
  boolean meets(long fromHi, long fromLo, long toHi, long toLo) {
    return footer.header().ids() > 0
        && !IdsCursor.less(toHi, toLo, footer.minIdHi(), footer.minIdLo())
        && !IdsCursor.less(footer.maxIdHi(), footer.maxIdLo(), fromHi, fromLo);
  }

  /** Loads what {@link #mayHave} will look at for these hashes, all side by side. */
  long touch(long[] hashes, int from, int to) {
    return filter.touch(hashes, from, to);
  }

  /**
   * Whether the run may have an id: false is certain, true is wrong for 1 id in 1,000. Reads
   * nothing but the mapped filter.
   *
   * @param hash of the id, by the ledger's {@link IdHash}
   */
  boolean mayHave(long hi, long lo, long hash) {
    return isInRange(hi, lo) && filter.mayHave(hash);
  }

  /** A view of the run for one thread. */
  RunCursor cursor() {
    return new RunCursor(footer, reader());
  }

  BlockReader reader() {
    return new BlockReader(file, in, footer.header(), dataKey);
  }

  RunFooter footer() {
    return footer;
  }

  RunHeader header() {
    return footer.header();
  }

  /** Holds the run open; false if it is closed already. */
  boolean retain() {
    return holders.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
  }

  /** Lets go of a run held by {@link #retain}. */
  void release() throws IOException {
    if (holders.decrementAndGet() == 0) {
      mapping.close();
      in.close();
      if (discarded) {
        disk.delete(file);
      }
    }
  }

  /**
   * Gives the file of a damaged run another name: a start then does not find it, and makes it anew.
   * For a node that stops itself because of it.
   */
  void setAside() throws IOException {
    if (disk.exists(file)) {
      disk.move(file, file.resolveSibling(file.getFileName() + ".damaged"));
      disk.syncDirectory(RunFiles.directory(file));
    }
  }

  /** Lets go of the run for who opened it; once. */
  @Override
  public void close() throws IOException {
    release();
  }

  /** As {@link #close}, and when the last holder lets go, the file is deleted too. */
  void discard() throws IOException {
    discarded = true;
    release();
  }

  @Override
  public String toString() {
    return "Run[" + file + "]";
  }
}
