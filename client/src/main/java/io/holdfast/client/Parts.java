package io.holdfast.client;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.ledger.TransferFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Cuts a long list of events into requests, never between linked ones. */
final class Parts {
  /** The same bits for accounts. */
  private static final int LINKED = TransferFlags.LINKED;

  private Parts() {}

  static <E> List<List<E>> of(List<E> events, ToIntFunction<E> flags) {
    List<List<E>> parts = new ArrayList<>();
    int from = 0;
    while (from < events.size()) {
      int to = Math.min(from + Limits.REQUEST_EVENTS_MAX, events.size());
      if (to < events.size()) {
        while (to > from && (flags.applyAsInt(events.get(to - 1)) & LINKED) != 0) {
          to--;
        }
        if (to == from) {
          throw new HoldfastException(
              "malformed-request",
              "the chain that begins at event " + from + " does not fit one request",
              "a chain may have " + Limits.REQUEST_EVENTS_MAX + " events");
        }
      }
      parts.add(events.subList(from, to));
      from = to;
    }
    return parts;
  }
}
