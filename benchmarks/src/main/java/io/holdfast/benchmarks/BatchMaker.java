package io.holdfast.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferRecord;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.SplittableRandom;

/**
 * Makes large requests cheaply, so that the generator does not eat the cores that it measures: the
 * bytes of one request are copied, ids and accounts are written over. Ids rise. Used by one thread.
 */
final class BatchMaker {
  static final int EVENTS = Limits.REQUEST_EVENTS_MAX;

  private final byte[] template;
  private final SplittableRandom random;
  private final int accounts;
  private final int events;
  private long nextId = 1;

  /** Of the largest requests. */
  BatchMaker(int accounts, long seed) {
    this(accounts, seed, EVENTS);
  }

  /**
   * @param events in each request
   */
  BatchMaker(int accounts, long seed, int events) {
    this.accounts = accounts;
    this.events = events;
    this.random = new SplittableRandom(seed);
    Transfer one =
        Transfer.payment(
            UInt128.of(1),
            UInt128.of(1),
            UInt128.of(2),
            1,
            BenchAccounts.LEDGER,
            BenchAccounts.CODE);
    this.template = Request.ofTransfers(Collections.nCopies(events, one)).bytes();
  }

  Request next() {
    byte[] bytes = template.clone();
    MemorySegment segment = MemorySegment.ofArray(bytes);
    for (int i = 0; i < events; i++) {
      long at = Request.HEADER_BYTES + (long) i * Request.EVENT_BYTES;
      int debit = random.nextInt(accounts);
      int credit = (debit + 1 + random.nextInt(accounts - 1)) % accounts;
      segment.set(JAVA_LONG_UNALIGNED, at + TransferRecord.ID, nextId++);
      segment.set(JAVA_LONG_UNALIGNED, at + TransferRecord.DEBIT_ACCOUNT_ID, debit + 1L);
      segment.set(JAVA_LONG_UNALIGNED, at + TransferRecord.CREDIT_ACCOUNT_ID, credit + 1L);
      segment.set(JAVA_LONG_UNALIGNED, at + TransferRecord.AMOUNT, 1 + (nextId & 0xFF));
    }
    return Request.parse(bytes);
  }
}
