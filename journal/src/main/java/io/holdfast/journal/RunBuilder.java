package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.Invariants;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Collects what the index of consecutive ops is to hold, sorts it and writes it as a run: the same
 * input gives the same bytes. It can be used again and again, and keeps its memory. For one thread.
 */
final class RunBuilder implements RunRows {
  private static final int OP_ROW = 3; // segment, offset << 32 | movements, time
  private static final int POSTING_ROW = 4; // account << 32 | flags, address, amount, released
  private static final int WIDE = 16; // a flag: amounts lie in their table, by number
  private static final int WIDE_ROW =
      3; // upper and lower half of the amount, upper of the released

  /** Rows that are fetched together: they lie anywhere, and their misses are waited for at once. */
  private static final int GATHERED = 128;

  private final RadixSort radix = new RadixSort();
  private final IdSort idSort = new IdSort(radix);
  private final long expectedRows; // of ids, and half of the postings
  private long firstOp;
  private long firstMovement;
  private long movements;
  private int ops;
  private int ids;
  private int postings;
  private int wides;
  private int lastAccount; // the largest
  private long lastAddress;
  private long[] opRows;
  private long[] idRows;
  private long[] postingRows;
  private long[] wideRows = new long[WIDE_ROW];
  private long[] order = new long[0];
  private final long[] gathered = new long[GATHERED * POSTING_ROW];

  /**
   * Makes a builder with room for so many events, each with one id and two postings; it grows if
   * need be.
   */
  RunBuilder(int events) {
    this(events, Integer.MAX_VALUE);
  }

  /**
   * As the other.
   *
   * @param expected events at most: it does not grow beyond, unless there are more
   */
  RunBuilder(int events, int expected) {
    this.expectedRows = expected;
    this.opRows = new long[OP_ROW * 64];
    this.idRows = new long[Math.max(1, Math.multiplyExact(events, IdSort.ROW))];
    this.postingRows = new long[Math.max(1, Math.multiplyExact(events, 2 * POSTING_ROW))];
  }

  /**
   * Forgets what it collected and begins anew.
   *
   * @param firstMovement number in the journal, from 0, of the first movement there will be
   */
  void begin(long firstOp, long firstMovement) {
    this.firstOp = firstOp;
    this.firstMovement = firstMovement;
    movements = 0;
    ops = 0;
    ids = 0;
    postings = 0;
    wides = 0;
    lastAccount = 0;
    lastAddress = 0;
  }

  @Override
  public void op(long op, long segmentFirstOp, long offset, long firstTimestamp, int movements) {
    Invariants.check(op == firstOp + ops, "ops come in order", firstOp + ops, op);
    opRows = room(opRows, OP_ROW * (ops + 1), Long.MAX_VALUE);
    Invariants.check(offset >= 0 && offset >>> 32 == 0, "an entry begins in the first 4 GiB");
    int at = OP_ROW * ops++;
    opRows[at] = segmentFirstOp;
    opRows[at + 1] = offset << 32 | movements;
    opRows[at + 2] = firstTimestamp;
    this.movements += movements;
  }

  @Override
  public void id(long hi, long lo, long address) {
    idRows = room(idRows, IdSort.ROW * (ids + 1), expectedRows * IdSort.ROW);
    int at = IdSort.ROW * ids++;
    idRows[at] = hi;
    idRows[at + 1] = lo;
    idRows[at + 2] = address;
  }

  @Override
  public void posting(
      int account,
      long address,
      boolean credit,
      int kind,
      long amountHi,
      long amountLo,
      long releasedHi,
      long releasedLo) {
    Invariants.check(address >= lastAddress, "postings come in order", lastAddress, address);
    Invariants.check(account >= 0, "an account has a number", 0, account);
    postingRows = room(postingRows, POSTING_ROW * (postings + 1), expectedRows * 2 * POSTING_ROW);
    int at = POSTING_ROW * postings++;
    boolean wide = (amountHi | releasedHi) != 0;
    int flags = (credit ? 1 : 0) | kind << 1 | (wide ? WIDE : 0);
    postingRows[at] = (long) account << 32 | flags;
    postingRows[at + 1] = address;
    postingRows[at + 2] = wide ? wides : amountLo;
    postingRows[at + 3] = releasedLo;
    if (wide) {
      wideRows = room(wideRows, WIDE_ROW * (wides + 1), Long.MAX_VALUE);
      int wideAt = WIDE_ROW * wides++;
      wideRows[wideAt] = amountHi;
      wideRows[wideAt + 1] = amountLo;
      wideRows[wideAt + 2] = releasedHi;
    }
    lastAccount = Math.max(lastAccount, account);
    lastAddress = address;
  }

  private static long[] room(long[] rows, int needed, long expected) {
    return needed <= rows.length ? rows : larger(rows, needed, expected);
  }

  private static long[] larger(long[] rows, int needed, long expected) {
    int doubled = Math.multiplyExact(rows.length, 2);
    boolean enough = expected >= needed && expected < doubled;
    return Arrays.copyOf(rows, enough ? (int) expected : Math.max(needed, doubled));
  }

  /** Events collected so far, by their ids. */
  int ids() {
    return ids;
  }

  /** How many rows of each kind were collected by some op; those up to it come before the rest. */
  record Mark(int ops, int ids, int postings, long movements) {
    static final Mark BEGINNING = new Mark(0, 0, 0, 0);
  }

  /** What was collected up to now. */
  Mark mark() {
    return new Mark(ops, ids, postings, movements);
  }

  /** Forgets what it collected, and takes what another one did from one op to another. */
  void copy(RunBuilder other, Mark from, Mark to) {
    begin(other.firstOp + from.ops(), other.firstMovement + from.movements());
    for (int at = OP_ROW * from.ops(); at < OP_ROW * to.ops(); at += OP_ROW) {
      long[] rows = other.opRows;
      op(firstOp + ops, rows[at], rows[at + 1] >>> 32, rows[at + 2], (int) rows[at + 1]);
    }
    for (int at = IdSort.ROW * from.ids(); at < IdSort.ROW * to.ids(); at += IdSort.ROW) {
      id(other.idRows[at], other.idRows[at + 1], other.idRows[at + 2]);
    }
    for (int i = from.postings(); i < to.postings(); i++) {
      copyPosting(other, POSTING_ROW * i);
    }
  }

  private void copyPosting(RunBuilder other, int at) {
    long[] rows = other.postingRows;
    int flags = (int) rows[at];
    boolean wide = (flags & WIDE) != 0;
    int wideAt = wide ? WIDE_ROW * (int) rows[at + 2] : 0;
    posting(
        (int) (rows[at] >>> 32),
        rows[at + 1],
        (flags & 1) != 0,
        flags >> 1 & 7,
        wide ? other.wideRows[wideAt] : 0,
        wide ? other.wideRows[wideAt + 1] : rows[at + 2],
        wide ? other.wideRows[wideAt + 2] : 0,
        rows[at + 3]);
  }

  /**
   * Writes the run of what was collected, of level 0, durably, in place of one that has its name.
   */
  Path write(Disk disk, Path directory, DataKey dataKey, UInt128 ledgerId) throws IOException {
    return write(disk, directory, dataKey, ledgerId, 0);
  }

  /** As the other, of any level. */
  Path write(Disk disk, Path directory, DataKey dataKey, UInt128 ledgerId, int level)
      throws IOException {
    Invariants.check(ops > 0, "a run has an op");
    RunHeader header =
        new RunHeader(
            dataKey.keyId(),
            ledgerId,
            level,
            firstOp,
            firstOp + ops - 1,
            firstMovement,
            movements,
            ids,
            postings);
    try (RunWriter writer = new RunWriter(disk, directory, header, dataKey, bytes -> {})) {
      writeOps(writer.ops());
      writeIds(writer.beginIds());
      writePostings(writer.beginPostings());
      return writer.finish();
    }
  }

  private void writeOps(OpsWriter to) throws IOException {
    for (int i = 0; i < OP_ROW * ops; i += OP_ROW) {
      to.add(opRows[i], opRows[i + 1] >>> 32, opRows[i + 2], (int) opRows[i + 1]);
    }
  }

  private void writeIds(IdsWriter to) throws IOException {
    long[] sorted = idSort.order(idRows, ids);
    for (int i = 0; i < ids; i++) {
      int at = IdSort.ROW * (int) sorted[i];
      to.add(idRows[at], idRows[at + 1], idRows[at + 2]);
    }
  }

  private void writePostings(PostingsWriter to) throws IOException {
    if (order.length < postings) {
      order = new long[postingRows.length / POSTING_ROW];
    }
    for (int i = 0; i < postings; i++) {
      order[i] = (postingRows[POSTING_ROW * i] & ~0xFFFF_FFFFL) | i;
    }
    radix.sort(order, 0, postings, 32 - Integer.numberOfLeadingZeros(lastAccount));
    for (int from = 0; from < postings; from += GATHERED) {
      int count = Math.min(GATHERED, postings - from);
      gather(from, count);
      for (int at = 0; at < count * POSTING_ROW; at += POSTING_ROW) {
        writePosting(gathered, at, to);
      }
    }
  }

  /** Nothing but loads that do not wait for each other. */
  private void gather(int from, int count) {
    long[] rows = postingRows;
    for (int i = 0; i < count; i++) {
      int row = POSTING_ROW * (int) order[from + i];
      int at = POSTING_ROW * i;
      gathered[at] = rows[row];
      gathered[at + 1] = rows[row + 1];
      gathered[at + 2] = rows[row + 2];
      gathered[at + 3] = rows[row + 3];
    }
  }

  private void writePosting(long[] rows, int at, PostingsWriter to) throws IOException {
    int flags = (int) rows[at];
    boolean wide = (flags & WIDE) != 0;
    int wideAt = wide ? WIDE_ROW * (int) rows[at + 2] : 0;
    to.add(
        (int) (rows[at] >>> 32),
        rows[at + 1],
        (flags & 1) != 0,
        flags >> 1 & 7,
        wide ? wideRows[wideAt] : 0,
        wide ? wideRows[wideAt + 1] : rows[at + 2],
        wide ? wideRows[wideAt + 2] : 0,
        rows[at + 3]);
  }
}
