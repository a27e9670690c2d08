package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.ledger.DetailsMark;
import io.holdfast.ledger.History;
import io.holdfast.ledger.IdList;
import io.holdfast.ledger.MovementKind;
import io.holdfast.ledger.OldFacts;
import io.holdfast.ledger.TransferRecord;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a ledger has forgotten, found in the journal by its runs. The ledger's own questions come
 * from the thread that applies; others take a {@link #view}.
 */
final class JournalHistory implements History, AutoCloseable {
  private static final int ADDRESSES_MAX = 3;

  /** Looks into a filter that are loaded side by side before any of them is needed. */
  private static final int TOUCHED_AHEAD = 64;

  private final Disk disk;
  private final Path directory;
  private final DataKey dataKey;
  private final IdHash hash;
  private final OpenRuns runs;
  private final Consumer<Runnable> later;
  private final Queue<PastView> left = new ConcurrentLinkedQueue<>();
  private final long[] addresses = new long[ADDRESSES_MAX];
  private final MemorySegment record = MemorySegment.ofArray(new byte[TransferRecord.BYTES]);
  private final IdRange range = new IdRange();
  private long[] hashes = new long[0];
  private boolean hashed; // the ids that are being looked for

  @SuppressWarnings("UnusedVariable") // written so that what was loaded counts as used
  private long touched;

  private @Nullable PastView view;
  private long viewVersion;
  private volatile long lastOp;

  /**
   * @param later runs what takes time and need not be done by the thread that applies: whoever lets
   *     go of a merged run last deletes its file
   */
  JournalHistory(
      Disk disk,
      Path directory,
      DataKey dataKey,
      IdHash hash,
      OpenRuns runs,
      Consumer<Runnable> later) {
    this.disk = disk;
    this.directory = directory;
    this.dataKey = dataKey;
    this.hash = hash;
    this.runs = runs;
    this.later = later;
  }

  /** The ledger has forgotten all up to this op: from now on they are answered for here. */
  void forgotten(long upToOp) {
    lastOp = upToOp;
  }

  /** What was forgotten up to now; the caller closes it. */
  PastView view() {
    return new PastView(disk, directory, dataKey, runs.hold(), lastOp);
  }

  IdHash hash() {
    return hash;
  }

  @Override
  public boolean isEmpty() {
    return lastOp == 0;
  }

  @Override
  public void find(IdList ids, OldFacts found) {
    try {
      PastView past = current();
      range.of(ids);
      hashed = false;
      for (int r = past.runs().size() - 1; r >= 0; r--) {
        if (range.meets(past.runs().get(r))) { // where ids rise with time, almost none does
          find(past, r, ids, found);
        }
      }
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  private void find(PastView past, int r, IdList ids, OldFacts found) throws IOException {
    Run run = past.runs().get(r);
    if (!hashed) {
      hash(ids);
      hashed = true;
    }
    for (int from = 0; from < ids.size(); from += TOUCHED_AHEAD) {
      int to = Math.min(ids.size(), from + TOUCHED_AHEAD);
      touched = run.touch(hashes, from, to);
      for (int i = from; i < to; i++) {
        if (run.mayHave(ids.hi(i), ids.lo(i), hashes[i])) {
          find(past, r, ids.hi(i), ids.lo(i), found);
        }
      }
    }
  }

  private void hash(IdList ids) {
    if (hashes.length < ids.size()) {
      hashes = new long[ids.size()];
    }
    for (int i = 0; i < ids.size(); i++) {
      hashes[i] = hash.of(ids.hi(i), ids.lo(i));
    }
  }

  private void find(PastView past, int run, long hi, long lo, OldFacts found) throws IOException {
    int count = past.cursor(run).find(hi, lo, addresses);
    for (int a = 0; a < count; a++) {
      long address = addresses[a];
      int event = Address.event(address);
      if (Address.op(address) > past.lastOp()) {
        continue;
      }
      switch (Address.kind(address)) {
        case Address.CREATED -> {
          EntryReader entry = past.entry(run, address);
          entry.transfer(event, record);
          EntryReader.StoredDetails details = entry.details(event);
          found.transfer(record, 0, DetailsMark.of(details.bytes(), details.sealed()));
        }
        case Address.FAILED -> found.failed(hi, lo, past.entry(run, address).status(event));
        case Address.POSTED -> found.resolved(hi, lo, MovementKind.POST);
        case Address.VOIDED -> found.resolved(hi, lo, MovementKind.VOID);
        default -> found.resolved(hi, lo, MovementKind.EXPIRE);
      }
    }
  }

  @Override
  public boolean hasMovementAt(long timestamp) {
    try {
      PastView past = current();
      for (int r = past.runs().size() - 1; r >= 0; r--) {
        long op = past.cursor(r).lastOpStartingAtOrBefore(timestamp);
        if (op >= 0) {
          return op <= past.lastOp() && hasMovementAt(past, r, op, timestamp);
        }
      }
      return false;
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  private boolean hasMovementAt(PastView past, int run, long op, long timestamp)
      throws IOException {
    EntryReader entry = past.entry(run, Address.of(op, 0, 0));
    for (int i = 0; i < entry.releases(); i++) {
      entry.release(i, record);
      if (TransferRecord.read(record, 0).timestamp() == timestamp) {
        return true;
      }
    }
    for (int i = 0; i < entry.events(); i++) {
      if (entry.isTransfer(i) && entry.status(i) == -1) {
        entry.transfer(i, record);
        if (TransferRecord.read(record, 0).timestamp() == timestamp) {
          return true;
        }
      }
    }
    return false;
  }

  /** The view of the thread that applies; a new one when the runs or the op are others. */
  private PastView current() {
    PastView past = view;
    long version = runs.version();
    if (past == null || viewVersion != version || past.lastOp() != lastOp) {
      if (past != null) {
        left.add(past);
        later.accept(this::closeLeft);
      }
      past = view();
      view = past;
      viewVersion = version;
    }
    return past;
  }

  private void closeLeft() {
    try {
      for (PastView past = left.poll(); past != null; past = left.poll()) {
        past.close();
      }
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  @Override
  public void close() throws IOException {
    closeLeft();
    if (view != null) {
      view.close();
      view = null;
    }
  }
}
