package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * Judges the events of one request in order and sees to their chains: a chain is a run of linked
 * events and the first one after them that is not linked; it happens whole or not at all.
 *
 * <p>A chain whose first event exists already is a repetition: it is compared with what exists and
 * never applied. If all its events exist and are equal, each answers {@code exists}. Otherwise the
 * first that differs gets its own status, or, when none differs but some are missing, the first
 * event gets {@code exists}; all others get {@code linked_event_failed}.
 */
final class RequestJudge {
  /** Events looked ahead at once: what they touch stays in the second-level cache. */
  private static final int LOOK_AHEAD = 64;

  private static final int NO_CHAIN = -1;

  private final Conservation conservation;
  private final Events events = new Events();

  RequestJudge(Conservation conservation) {
    this.conservation = conservation;
  }

  /**
   * Judges the request at {@code requestAt}.
   *
   * @param firstTimestamp of its first event
   * @param resultsAt where its first result goes
   */
  int judge(
      MemorySegment batch,
      long requestAt,
      EventJudge judge,
      long firstTimestamp,
      MemorySegment results,
      long resultsAt) {
    events.load(batch, requestAt);
    judge.begin(events);
    int count = events.count();
    int chainStart = NO_CHAIN;
    boolean broken = false;
    int ahead = 0;
    for (int i = 0; i < count; i++) {
      if (i == ahead) {
        if (chainStart == NO_CHAIN) {
          conservation.checkIfMany();
        }
        ahead = Math.min(count, i + LOOK_AHEAD);
        judge.lookAhead(i, ahead);
      }
      boolean linked = events.linked(i);
      if (linked && chainStart == NO_CHAIN) {
        int end = chainEnd(i);
        if (end < count && judge.exists(i)) {
          compareChain(judge, i, end, firstTimestamp, results, resultsAt);
          if (end >= ahead) {
            ahead = end + 1;
          }
          i = end;
          continue;
        }
        chainStart = i;
        judge.beginChain();
      }
      long resultAt = resultsAt + (long) i * Reply.RESULT_BYTES;
      boolean open = linked && i == count - 1;
      int status;
      if (open) {
        status = EventJudge.LINKED_EVENT_CHAIN_OPEN;
      } else if (broken) {
        status = EventJudge.LINKED_EVENT_FAILED;
      } else {
        status = judge.judge(i, firstTimestamp + i);
      }
      boolean judged = !open && !broken;
      write(
          results, resultAt, status, judged ? judge.timestamp() : 0, judged ? judge.reserved() : 0);
      if (chainStart == NO_CHAIN) {
        if (status != EventJudge.CREATED) {
          judge.remember(i, status);
        }
        continue;
      }
      if (status != EventJudge.CREATED && !broken) {
        broken = true;
        judge.rollBackChain();
        for (int j = chainStart; j < i; j++) {
          long failedAt = resultsAt + (long) j * Reply.RESULT_BYTES;
          write(results, failedAt, EventJudge.LINKED_EVENT_FAILED, 0, 0);
        }
        judge.remember(i, status);
      }
      if (!linked) {
        if (!broken) {
          judge.commitChain();
        }
        chainStart = NO_CHAIN;
        broken = false;
      }
    }
    return count;
  }

  /** The last event of the chain that begins here; the count of events when it stays open. */
  private int chainEnd(int start) {
    int end = start;
    while (end < events.count() && events.linked(end)) {
      end++;
    }
    return end;
  }

  private static void compareChain(
      EventJudge judge,
      int start,
      int end,
      long firstTimestamp,
      MemorySegment results,
      long resultsAt) {
    int different = NO_CHAIN;
    boolean missing = false;
    for (int i = start; i <= end; i++) {
      int status = judge.compare(i, firstTimestamp + i);
      long resultAt = resultsAt + (long) i * Reply.RESULT_BYTES;
      if (status == EventJudge.MISSING) {
        missing = true;
      } else {
        write(results, resultAt, status, judge.timestamp(), 0);
        if (status != judge.existsCode() && different == NO_CHAIN) {
          different = i;
        }
      }
    }
    if (different == NO_CHAIN && !missing) {
      return;
    }
    int breaker = different == NO_CHAIN ? start : different;
    for (int i = start; i <= end; i++) {
      if (i != breaker) {
        long resultAt = resultsAt + (long) i * Reply.RESULT_BYTES;
        write(results, resultAt, EventJudge.LINKED_EVENT_FAILED, 0, 0);
      }
    }
  }

  private static void write(
      MemorySegment results, long at, int status, long timestamp, int reserved) {
    results.set(JAVA_LONG_UNALIGNED, at + Reply.TIMESTAMP, timestamp);
    results.set(JAVA_INT_UNALIGNED, at + Reply.STATUS, status);
    results.set(JAVA_INT_UNALIGNED, at + Reply.RESERVED, reserved);
  }
}
