package io.holdfast.journal;

import io.holdfast.ledger.TransferFilter;
import io.holdfast.ledger.TransferRecord;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A walk over all transfers that the ledger has forgotten, within the times of a filter and in its
 * order. For one thread.
 */
final class PastTransfers {
  /** Events looked at by one walk: beyond that it ends, and another goes on. */
  static final int EVENTS_MAX = 100_000;

  private final PastView past;
  private final boolean newestFirst;
  private final long from;
  private final long to;
  private final long lastOp; // in the order of the walk
  private final MemorySegment record = MemorySegment.ofArray(new byte[TransferRecord.BYTES]);
  private int run;
  private long op;
  private int event;
  private int events = -1; // of the op; -1 until they are known
  private int looked;
  private long lastRead;
  private boolean ended;

  PastTransfers(PastView past, TransferFilter filter) throws IOException {
    this.past = past;
    this.newestFirst = filter.newestFirst();
    this.from = filter.first();
    this.to = filter.last();
    long low = opAt(from);
    long high = opAt(to);
    this.ended = past.runs().isEmpty() || from > to || high < 0;
    this.op = newestFirst ? high : Math.max(1, low);
    this.lastOp = newestFirst ? Math.max(1, low) : high;
    this.run = ended ? 0 : runOf(op);
  }

  /** The last op up to which movements at or before this time reach; -1 if there are none. */
  private long opAt(long timestamp) throws IOException {
    for (int r = past.runs().size() - 1; r >= 0; r--) {
      long found =
          timestamp == Long.MAX_VALUE
              ? past.runs().get(r).lastOp()
              : past.cursor(r).lastOpStartingAtOrBefore(timestamp);
      if (found >= 0) {
        return Math.min(found, past.lastOp());
      }
    }
    return -1;
  }

  private int runOf(long itsOp) {
    int r = 0;
    while (past.runs().get(r).lastOp() < itsOp) {
      r++;
    }
    return r;
  }

  /** Steps to the next transfer; false when there is no other. */
  boolean step() throws IOException {
    while (!ended) {
      if (!nextEvent()) {
        nextOp();
      } else if (isTransfer()) {
        lastRead = record.get(ValueLayout.JAVA_LONG_UNALIGNED, TransferRecord.TIMESTAMP);
        if (newestFirst ? lastRead < from : lastRead > to) {
          ended = true;
        } else if (lastRead >= from && lastRead <= to) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean nextEvent() throws IOException {
    if (events < 0) {
      // Ops that created nothing, pulses among them, have nothing to be looked at.
      events = past.cursor(run).movements(op) == 0 ? 0 : entry().events();
      event = newestFirst ? events : -1;
    }
    event += newestFirst ? -1 : 1;
    looked++;
    return event >= 0 && event < events;
  }

  private void nextOp() {
    ended = op == lastOp;
    if (!ended) {
      op += newestFirst ? -1 : 1;
      if (op < past.runs().get(run).firstOp()) {
        run--;
      } else if (op > past.runs().get(run).lastOp()) {
        run++;
      }
      events = -1;
    }
  }

  private boolean isTransfer() throws IOException {
    EntryReader entry = entry();
    if (entry.status(event) != -1 || !entry.isTransfer(event)) {
      return false;
    }
    entry.transfer(event, record);
    return true;
  }

  private EntryReader entry() throws IOException {
    return past.entry(run, Address.of(op, 0, 0));
  }

  /** The record of the transfer as it is stored. */
  MemorySegment record() {
    return record;
  }

  /** The time of the transfer that was read last; 0 before the first. */
  long lastRead() {
    return lastRead;
  }

  /** Whether the walk has looked at as much as one may, and can say where to go on. */
  boolean isExhausted() {
    return looked >= EVENTS_MAX && lastRead != 0;
  }
}
