package io.holdfast.ledger;

import io.holdfast.kernel.UInt128;
import org.jspecify.annotations.Nullable;

/**
 * Which accounts are asked for, oldest first. Null fields do not filter.
 *
 * @param limit rows in the answer, 1 to {@link io.holdfast.kernel.Limits#PAGE_ROWS_MAX}
 * @param after continuation: the timestamp of the last account seen; 0 to begin
 */
public record AccountFilter(
    @Nullable Integer ledger,
    @Nullable Integer code,
    @Nullable UInt128 userData128,
    @Nullable Long userData64,
    @Nullable Integer userData32,
    int limit,
    long after) {

  /** All accounts. */
  public static AccountFilter all(int limit, long after) {
    return new AccountFilter(null, null, null, null, null, limit, after);
  }
}
