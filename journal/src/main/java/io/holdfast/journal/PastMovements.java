package io.holdfast.journal;

import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.MovementKind;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.RunningBalance;
import io.holdfast.ledger.TransferRecord;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A walk over the movements of one account that the ledger has forgotten, within the times of a
 * filter and in its order. For one thread.
 */
final class PastMovements {
  /**
   * Records read by one walk: beyond that it ends, and another goes on. More than one op has, so
   * that the next one gets further.
   */
  static final int READS_MAX = 10_000;

  /** Movements of the other side, say, that one walk steps over without reading them. */
  static final int STEPS_MAX = 200_000;

  private final PastView past;
  private final int account;
  private final boolean newestFirst;
  private final long from;
  private final long to;
  private final RunningBalance @Nullable [] before;
  private final MemorySegment record = MemorySegment.ofArray(new byte[TransferRecord.BYTES]);
  private int run;
  private boolean inRun;
  private boolean ended;
  private boolean isRead;
  private int reads;
  private int steps;
  private long lastRead;

  /**
   * @param end the account's balances after all of it; null if they are not asked for
   */
  PastMovements(PastView past, int account, HistoryFilter filter, @Nullable RunningBalance end)
      throws IOException {
    this.past = past;
    this.account = account;
    this.newestFirst = filter.newestFirst();
    long after = filter.after();
    boolean goesOn = after != 0;
    this.from =
        goesOn && !newestFirst
            ? Math.max(filter.fromNanos(), Page.justAfter(after))
            : filter.fromNanos();
    this.to = goesOn && newestFirst ? Math.min(filter.toNanos(), after - 1) : filter.toNanos();
    this.before = end == null ? null : balancesBefore(end);
    this.run = newestFirst ? past.runs().size() - 1 : firstRun();
    this.ended = past.runs().isEmpty() || from > to;
  }

  /** Of each run, the account's balances before it. */
  private RunningBalance[] balancesBefore(RunningBalance end) throws IOException {
    RunningBalance[] balances = new RunningBalance[past.runs().size()];
    RunningBalance balance = end;
    for (int r = balances.length - 1; r >= 0; r--) {
      balance = balance.copy();
      RunCursor cursor = past.cursor(r);
      if (past.runs().get(r).lastOp() <= past.lastOp()) {
        balance.subtract(cursor.totals(account));
      } else if (cursor.seekAtOrBefore(account, lastAddress(past.lastOp()))) {
        balance.subtract(cursor.sumsAfter());
      }
      balances[r] = balance;
    }
    return balances;
  }

  /** The run in which the time {@link #from} lies, or the first one. */
  private int firstRun() throws IOException {
    List<Run> runs = past.runs();
    for (int r = runs.size() - 1; r > 0; r--) {
      if (past.cursor(r).lastOpStartingAtOrBefore(from) >= 0) {
        return r;
      }
    }
    return 0;
  }

  /** Steps to the next movement; false when there is no other. */
  boolean step() throws IOException {
    while (!ended) {
      isRead = false;
      if (stepInRun()) {
        if (newestFirst || Address.op(cursor().address()) <= past.lastOp()) {
          steps++;
          return true;
        }
        ended = true;
      } else {
        inRun = false;
        run += newestFirst ? -1 : 1;
        ended = run < 0 || run == past.runs().size();
      }
    }
    return false;
  }

  private boolean stepInRun() throws IOException {
    RunCursor cursor = cursor();
    if (inRun) {
      return newestFirst ? cursor.previous() : cursor.next();
    }
    inRun = true;
    if (newestFirst) {
      long op =
          to == Long.MAX_VALUE
              ? past.runs().get(run).lastOp()
              : cursor.lastOpStartingAtOrBefore(to);
      return op >= 0 && cursor.seekAtOrBefore(account, lastAddress(Math.min(op, past.lastOp())));
    }
    long op = from == 0 ? 0 : Math.max(0, cursor.lastOpStartingAtOrBefore(from));
    return cursor.seekAtOrAfter(account, Address.of(op, 0, 0));
  }

  private static long lastAddress(long op) {
    return Address.of(op, Address.EVENT_MAX, 0);
  }

  boolean debit() {
    return !cursor().credit();
  }

  MovementKind kind() {
    return MovementKind.ofCode(cursor().kind());
  }

  /** The movement's record as it is stored. */
  MemorySegment record() throws IOException {
    if (!isRead) {
      long address = cursor().address();
      EntryReader entry = past.entry(run, address);
      if (kind() == MovementKind.EXPIRE) {
        entry.release(Address.event(address), record);
      } else {
        entry.transfer(Address.event(address), record);
      }
      isRead = true;
      reads++;
      lastRead = record.get(ValueLayout.JAVA_LONG_UNALIGNED, TransferRecord.TIMESTAMP);
    }
    return record;
  }

  /** Whether the movement lies within the times; where the walk leaves them, it ends. */
  boolean isInTime() throws IOException {
    record();
    boolean tooNew = lastRead > to;
    boolean tooOld = lastRead < from;
    ended |= newestFirst ? tooOld : tooNew;
    return !tooNew && !tooOld;
  }

  /** The time of the movement. */
  long timestamp() throws IOException {
    record();
    return lastRead;
  }

  /** Whether the walk has gone as far as one may. */
  boolean isExhausted() {
    return reads >= READS_MAX || steps >= STEPS_MAX;
  }

  /** The account's balances right after this movement; only if they are asked for. */
  RunningBalance after() {
    if (before == null) {
      throw new IllegalStateException("this walk is without balances");
    }
    RunningBalance balance = before[run].copy();
    balance.add(cursor().sumsAfter());
    return balance;
  }

  private RunCursor cursor() {
    return past.cursor(run);
  }
}
