package io.holdfast.ledger;

import java.lang.foreign.MemorySegment;

/** Where the pages of a state come from, one after the other. */
public interface PageReader {
  /** Reads the next page, 4 KiB, into the beginning of {@code to}. */
  void read(MemorySegment to);
}
