package io.holdfast.client;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Reply;
import java.lang.foreign.MemorySegment;

/** Events that wait to be sent, or for their answer, and that may not be parted. */
interface Waiting {
  int eventCount();

  /** Bytes of all details; 0 when none of the events has any. */
  int detailsBytes();

  /** Whether its events are imported: a request is all imported or none. */
  boolean imported();

  /** When its caller stops waiting, a time of {@link System#nanoTime}. */
  long deadline();

  /** Writes the events' records one after the other. */
  void writeEvents(MemorySegment to, long at);

  /** The details of one of the events; empty when it has none. */
  byte[] details(int event);

  /** Takes its results, which begin at event {@code first} of the reply. */
  void answer(Reply reply, int first);

  /** Takes an end without results. */
  void fail(HoldfastException end);
}
