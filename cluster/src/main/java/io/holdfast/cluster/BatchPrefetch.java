package io.holdfast.cluster;

import io.holdfast.journal.DamagedFileException;
import io.holdfast.journal.Journal;
import io.holdfast.ledger.Ledger;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads whatever judging a batch will need from disk, before it is judged and while readers go on.
 * Where a file is damaged, it waits until that is mended: a batch can't be passed over. For the
 * apply thread alone.
 */
final class BatchPrefetch {
  /** Much longer than a file takes from a peer; without one, other nodes go on meanwhile. */
  private static final long MENDED_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final long MENDED_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Ledger ledger;
  private final SharedLedger shared;
  private final Journal journal;

  BatchPrefetch(Ledger ledger, SharedLedger shared, Journal journal) {
    this.ledger = ledger;
    this.shared = shared;
    this.journal = journal;
  }

  /**
   * @throws DamagedFileException when a file that is needed was not mended in time
   */
  void run(MemorySegment batch, int size) {
    long until = System.nanoTime() + MENDED_WITHIN_NANOS;
    while (true) {
      try {
        shared.hold(() -> ledger.prefetch(batch, size));
        return;
      } catch (DamagedFileException e) {
        if (System.nanoTime() > until || shared.isClosing()) {
          throw journal.setAside(e);
        }
        journal.suspect(e);
        LockSupport.parkNanos(MENDED_POLL_NANOS);
      }
    }
  }
}
