package io.holdfast.ledger;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Part of an answer. It may have fewer rows than asked for, even none, though there are more: when
 * much had to be read to find them.
 *
 * @param next the continuation to ask for the rest with; 0 when nothing is left
 */
public record Page<T>(List<T> rows, long next) {
  public Page {
    rows = List.copyOf(rows);
  }

  /** The first time after a continuation; there is none after the last one that can be. */
  public static long justAfter(long timestamp) {
    return timestamp == Long.MAX_VALUE ? timestamp : timestamp + 1;
  }

  /** That of these rows in order, of which one more than the limit says that there are more. */
  public static <T> Page<T> of(List<T> rows, int limit, ToLongFunction<T> timestampOf) {
    return rows.size() <= limit
        ? new Page<>(rows, 0)
        : new Page<>(rows.subList(0, limit), timestampOf.applyAsLong(rows.get(limit - 1)));
  }
}
