package io.holdfast.ledger;

import io.holdfast.kernel.UInt128;
import org.jspecify.annotations.Nullable;

/**
 * Which movements of an account are asked for. Null fields do not filter.
 *
 * @param fromNanos first timestamp included
 * @param toNanos last timestamp included; {@link Long#MAX_VALUE} for no bound
 * @param side only those that debit or only those that credit the account
 * @param newestFirst the order of the answer
 * @param limit rows in the answer, 1 to {@link io.holdfast.kernel.Limits#PAGE_ROWS_MAX}
 * @param after continuation: the timestamp of the last row seen; 0 to begin
 */
public record HistoryFilter(
    long fromNanos,
    long toNanos,
    @Nullable Side side,
    @Nullable Integer code,
    @Nullable UInt128 userData128,
    @Nullable Long userData64,
    @Nullable Integer userData32,
    boolean newestFirst,
    int limit,
    long after) {

  /** The side of the account in a transfer. */
  public enum Side {
    DEBIT,
    CREDIT
  }

  /** The newest movements, unfiltered. */
  public static HistoryFilter newest(int limit) {
    return new HistoryFilter(0, Long.MAX_VALUE, null, null, null, null, null, true, limit, 0);
  }
}
