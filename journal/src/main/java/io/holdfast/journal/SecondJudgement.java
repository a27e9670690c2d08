package io.holdfast.journal;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Reply;
import java.lang.foreign.MemorySegment;

/**
 * Judges entries of a journal again: an answer that is not the one journalled is fatal. That an id
 * was new when its transfer was created is taken from the journal: the index, in which it would be
 * looked for, may have it by now. For one thread.
 */
final class SecondJudgement {
  private final MemorySegment results =
      MemorySegment.ofArray(new byte[Limits.BATCH_EVENTS_MAX * Reply.RESULT_BYTES]);

  /**
   * Applies the next entry; returns how many events were judged.
   *
   * @throws HoldfastException code {@code journal-differs}
   */
  int again(Ledger ledger, Entry entry) {
    MemorySegment batch = entry.batch();
    ledger.prefetch(batch, batch.byteSize(), event -> entry.status(event) != -1);
    int judged = ledger.apply(batch, batch.byteSize(), results);
    boolean same = ledger.op() == entry.op() && ledger.lastTimestamp() == entry.timeNanos();
    for (int i = 0; i < judged; i++) {
      int status = results.get(JAVA_INT_UNALIGNED, (long) i * Reply.RESULT_BYTES + Reply.STATUS);
      same &= status == entry.status(i);
    }
    if (!same) {
      throw JournalFaults.differs(entry.op(), 0);
    }
    return judged;
  }
}
