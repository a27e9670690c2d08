package io.holdfast.benchmarks;

import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.TransferRecord;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Full batches of payments for one ledger: distinct ids, every account equally likely or by Zipf's
 * law, made ahead of time so that only {@link Ledger#apply} is measured. Not safe for use by more
 * than one thread.
 */
public final class LedgerLoad implements AutoCloseable {
  /** How the accounts of a payment are chosen. */
  public enum Choice {
    UNIFORM,
    /** The account of rank k is chosen in proportion to 1/k. */
    ZIPF
  }

  /** Events in a batch. */
  public static final int BATCH_EVENTS = Limits.BATCH_EVENTS_MAX;

  private static final long START_NANOS = 1_700_000_000_000_000_000L;
  private static final int LEDGER = 1;
  private static final int CODE = 1;

  private final Arena arena = Arena.ofShared();
  private final Ledger ledger = new Ledger(0x5EED);
  private final SplittableRandom random = new SplittableRandom(1);
  private final int accounts;
  private final double[] cumulated;
  private final MemorySegment batch;
  private final MemorySegment results;
  private long stamp = START_NANOS;
  private long nextId = 1;

  /** A ledger with this many accounts, numbered from 1. */
  public LedgerLoad(int accounts, Choice choice) {
    this.accounts = accounts;
    this.cumulated = choice == Choice.ZIPF ? zipf(accounts) : new double[0];
    this.batch = arena.allocate(Limits.BATCH_BYTES_MAX);
    this.results = arena.allocate((long) BATCH_EVENTS * Reply.RESULT_BYTES);
    openAccounts();
  }

  public Ledger ledger() {
    return ledger;
  }

  /** Makes the next batch; to be called outside of what is measured. */
  public MemorySegment nextBatch() {
    stamp += 10_000_000;
    byte[] bytes = new byte[Request.HEADER_BYTES + BATCH_EVENTS * Request.EVENT_BYTES];
    MemorySegment request = MemorySegment.ofArray(bytes);
    request.set(ValueLayout.JAVA_INT_UNALIGNED, 0, Request.MAGIC);
    bytes[4] = Request.VERSION;
    bytes[5] = 2;
    request.set(ValueLayout.JAVA_INT_UNALIGNED, 8, BATCH_EVENTS);
    for (int i = 0; i < BATCH_EVENTS; i++) {
      long at = Request.HEADER_BYTES + (long) i * Request.EVENT_BYTES;
      long debit = account();
      long credit = account();
      while (credit == debit) {
        credit = account();
      }
      put(request, at + TransferRecord.ID, nextId++);
      put(request, at + TransferRecord.DEBIT_ACCOUNT_ID, debit);
      put(request, at + TransferRecord.CREDIT_ACCOUNT_ID, credit);
      put(request, at + TransferRecord.AMOUNT, 1 + random.nextInt(100_000));
      request.set(ValueLayout.JAVA_INT_UNALIGNED, at + TransferRecord.LEDGER, LEDGER);
      request.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + TransferRecord.CODE, (short) CODE);
    }
    return batchOf(Request.parse(bytes));
  }

  /** Applies a batch that {@link #nextBatch} made; the number of payments in it. */
  public int apply(MemorySegment made) {
    return ledger.apply(made, made.byteSize(), results);
  }

  /** Whether every event of the last batch was created. */
  public boolean allCreated() {
    for (long i = 0; i < BATCH_EVENTS; i++) {
      if (results.get(ValueLayout.JAVA_INT_UNALIGNED, i * Reply.RESULT_BYTES + Reply.STATUS)
          != -1) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    ledger.close();
    arena.close();
  }

  private void openAccounts() {
    for (int first = 1; first <= accounts; first += BATCH_EVENTS) {
      List<Account> opened = new ArrayList<>();
      for (int id = first; id <= accounts && id < first + BATCH_EVENTS; id++) {
        opened.add(Account.opening(UInt128.of(id), LEDGER, CODE, 0));
      }
      stamp += 10_000_000;
      apply(batchOf(Request.ofAccounts(opened)));
    }
  }

  private MemorySegment batchOf(Request request) {
    Batch.writeHeader(batch, Ledger.RULES_VERSION, stamp, 1, request.eventCount());
    long size = Batch.writeRequest(batch, Batch.HEADER_BYTES, 0, 0, request);
    return batch.asSlice(0, size);
  }

  private long account() {
    if (cumulated.length == 0) {
      return 1L + random.nextInt(accounts);
    }
    double wanted = random.nextDouble() * cumulated[accounts - 1];
    int low = 0;
    int high = accounts - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (cumulated[middle] < wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return 1L + low;
  }

  private static double[] zipf(int accounts) {
    double[] sums = new double[accounts];
    double sum = 0;
    for (int rank = 1; rank <= accounts; rank++) {
      sum += 1.0 / rank;
      sums[rank - 1] = sum;
    }
    return sums;
  }

  private static void put(MemorySegment to, long at, long value) {
    to.set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
  }
}
