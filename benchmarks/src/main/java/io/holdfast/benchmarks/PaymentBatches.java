package io.holdfast.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferRecord;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes batches of payments between accounts numbered from 1, each equally likely. Of a batch as
 * large as the one before, only what differs is written, so that making one costs little beside
 * judging it. For one thread.
 */
final class PaymentBatches {
  private static final int EVENTS_AT =
      Batch.HEADER_BYTES + Batch.REQUEST_HEADER_BYTES + Request.HEADER_BYTES;
  private static final long NANOS_PER_EVENT = 1_000;

  private final MemorySegment batch;
  private final PaymentIds ids;
  private final int accounts;
  private final SplittableRandom random = new SplittableRandom(1);
  private long nextPayment;
  private long stamp;
  private int eventsBefore;
  private int bytesBefore;

  /**
   * @param batch where they are written
   * @param nextPayment the number of the first payment
   * @param after nanoseconds since 1970, which all stamps lie behind
   */
  PaymentBatches(MemorySegment batch, PaymentIds ids, int accounts, long nextPayment, long after) {
    this.batch = batch;
    this.ids = ids;
    this.accounts = accounts;
    this.nextPayment = nextPayment;
    this.stamp = after;
  }

  /** Writes the next payments and returns how many bytes the batch has. */
  int payments(int events) {
    if (events != eventsBefore) {
      Transfer one =
          Transfer.payment(
              UInt128.of(1),
              UInt128.of(1),
              UInt128.of(2),
              1,
              BenchAccounts.LEDGER,
              BenchAccounts.CODE);
      bytesBefore = write(Request.ofTransfers(Collections.nCopies(events, one)));
      eventsBefore = events;
    }
    stamp += events * NANOS_PER_EVENT;
    batch.set(JAVA_LONG_UNALIGNED, Batch.STAMP_AT, stamp);
    for (int i = 0; i < events; i++) {
      long at = EVENTS_AT + (long) i * Request.EVENT_BYTES;
      long n = nextPayment++;
      int debit = random.nextInt(accounts);
      int credit = (debit + 1 + random.nextInt(accounts - 1)) % accounts;
      batch.set(JAVA_LONG_UNALIGNED, at + TransferRecord.ID, ids.lo(n));
      batch.set(JAVA_LONG_UNALIGNED, at + TransferRecord.ID + 8, ids.hi(n));
      batch.set(JAVA_LONG_UNALIGNED, at + TransferRecord.DEBIT_ACCOUNT_ID, debit + 1L);
      batch.set(JAVA_LONG_UNALIGNED, at + TransferRecord.CREDIT_ACCOUNT_ID, credit + 1L);
      batch.set(JAVA_LONG_UNALIGNED, at + TransferRecord.AMOUNT, 1 + (n & 0xFFFF));
    }
    return bytesBefore;
  }

  /** Writes a batch that opens accounts and returns how many bytes it has. */
  int openings(int first, int events) {
    List<Account> opened = new ArrayList<>();
    for (int id = first; id < first + events; id++) {
      opened.add(Account.opening(UInt128.of(id), BenchAccounts.LEDGER, BenchAccounts.CODE, 0));
    }
    eventsBefore = 0;
    stamp += events * NANOS_PER_EVENT;
    return write(Request.ofAccounts(opened));
  }

  private int write(Request request) {
    Batch.writeHeader(batch, Ledger.RULES_VERSION, stamp, 1, request.eventCount());
    return (int) Batch.writeRequest(batch, Batch.HEADER_BYTES, 1, 1, request);
  }
}
