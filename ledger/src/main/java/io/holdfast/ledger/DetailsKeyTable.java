package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The keys that details of this history are sealed under, in the order of their first use: part of
 * the state, so that every replica knows at the same op which were destroyed. The keys themselves
 * it never sees. An entry:
 *
 * <pre>
 *  0 period (4)      4 0 (4)       8 fingerprint (8)   16 first op (8)   24 last op (8)
 * 32 transfers (8)  40 op that destroyed it, 0 for none (8)  48 its time (8)  56 0 (8)
 * </pre>
 */
final class DetailsKeyTable {
  static final int BYTES = 64;
  private static final int PERIOD = 0;
  private static final int FINGERPRINT = 8;
  private static final int FIRST_OP = 16;
  private static final int LAST_OP = 24;
  private static final int TRANSFERS = 32;
  private static final int DESTROYED_OP = 40;
  private static final int DESTROYED_AT = 48;

  private byte[] bytes = new byte[BYTES];
  private MemorySegment entries = MemorySegment.ofArray(bytes);
  private int count;
  private int last; // found or added last
  private int version;

  int count() {
    return count;
  }

  /** Grows whenever a key is new or destroyed. */
  int version() {
    return version;
  }

  /** An op came with details under this key, whatever becomes of them. */
  void use(MemorySegment name, long at, long op) {
    int entry = find(name, at);
    if (entry == count) {
      add(name, at, op);
    }
    entries.set(JAVA_LONG_UNALIGNED, place(entry) + LAST_OP, op);
  }

  /** A transfer was created with details under this key, which is in use. */
  void count(MemorySegment name, long at) {
    long place = place(find(name, at)) + TRANSFERS;
    entries.set(JAVA_LONG_UNALIGNED, place, entries.get(JAVA_LONG_UNALIGNED, place) + 1);
  }

  /** Destroys all keys of a period that are alive. */
  void destroy(DetailsPeriod period, long op, long time) {
    for (int i = 0; i < count; i++) {
      long place = place(i);
      boolean within =
          period.contains(new DetailsPeriod(entries.get(JAVA_INT_UNALIGNED, place + PERIOD)));
      if (within && entries.get(JAVA_LONG_UNALIGNED, place + DESTROYED_OP) == 0) {
        entries.set(JAVA_LONG_UNALIGNED, place + DESTROYED_OP, op);
        entries.set(JAVA_LONG_UNALIGNED, place + DESTROYED_AT, time);
        version++;
      }
    }
  }

  List<DetailsKeyState> states() {
    List<DetailsKeyState> states = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long place = place(i);
      states.add(
          new DetailsKeyState(
              new DetailsKeyName(
                  new DetailsPeriod(entries.get(JAVA_INT_UNALIGNED, place + PERIOD)),
                  entries.get(JAVA_LONG_UNALIGNED, place + FINGERPRINT)),
              entries.get(JAVA_LONG_UNALIGNED, place + FIRST_OP),
              entries.get(JAVA_LONG_UNALIGNED, place + LAST_OP),
              entries.get(JAVA_LONG_UNALIGNED, place + TRANSFERS),
              entries.get(JAVA_LONG_UNALIGNED, place + DESTROYED_OP),
              entries.get(JAVA_LONG_UNALIGNED, place + DESTROYED_AT)));
    }
    return states;
  }

  /** All entries one after the other, as they are now. */
  byte[] copy() {
    return Arrays.copyOf(bytes, count * BYTES);
  }

  /** Takes back an entry that was kept; in their order, into an empty table. */
  void restore(MemorySegment from, long at) {
    grow();
    MemorySegment.copy(from, at, entries, place(count), BYTES);
    count++;
    version++;
  }

  private int find(MemorySegment name, long at) {
    int period = name.get(JAVA_INT_UNALIGNED, at);
    long fingerprint = name.get(JAVA_LONG_UNALIGNED, at + Integer.BYTES);
    if (last < count && is(last, period, fingerprint)) {
      return last;
    }
    for (int i = count - 1; i >= 0; i--) {
      if (is(i, period, fingerprint)) {
        last = i;
        return i;
      }
    }
    return count;
  }

  private boolean is(int entry, int period, long fingerprint) {
    return entries.get(JAVA_LONG_UNALIGNED, place(entry) + FINGERPRINT) == fingerprint
        && entries.get(JAVA_INT_UNALIGNED, place(entry) + PERIOD) == period;
  }

  private void add(MemorySegment name, long at, long op) {
    grow();
    long place = place(count);
    entries.asSlice(place, BYTES).fill((byte) 0);
    entries.set(JAVA_INT_UNALIGNED, place + PERIOD, name.get(JAVA_INT_UNALIGNED, at));
    entries.set(
        JAVA_LONG_UNALIGNED,
        place + FINGERPRINT,
        name.get(JAVA_LONG_UNALIGNED, at + Integer.BYTES));
    entries.set(JAVA_LONG_UNALIGNED, place + FIRST_OP, op);
    last = count++;
    version++;
  }

  private void grow() {
    if ((count + 1) * BYTES > bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
      entries = MemorySegment.ofArray(bytes);
    }
  }

  private static long place(int entry) {
    return (long) entry * BYTES;
  }
}
