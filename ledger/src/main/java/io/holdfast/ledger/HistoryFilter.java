package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.holdfast.kernel.UInt128;
import java.lang.foreign.MemorySegment;
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

  /**
   * Whether it wants a movement, its times and continuation aside.
   *
   * @param debit whether the movement is on the account's debit side
   * @param record of the movement as it is stored, at {@code at}
   */
  public boolean wants(boolean debit, MemorySegment record, long at) {
    return wantsSide(debit) && wantsFields(record, at);
  }

  /** Whether it wants movements on this side of the account at all. */
  public boolean wantsSide(boolean debit) {
    return side == null || (side == Side.DEBIT) == debit;
  }

  private boolean wantsFields(MemorySegment record, long at) {
    return (code == null
            || code
                == Short.toUnsignedInt(record.get(JAVA_SHORT_UNALIGNED, at + TransferRecord.CODE)))
        && (userData128 == null
            || userData128.equals(Records128.read(record, at + TransferRecord.USER_DATA_128)))
        && (userData64 == null
            || userData64 == record.get(JAVA_LONG_UNALIGNED, at + TransferRecord.USER_DATA_64))
        && (userData32 == null
            || userData32 == record.get(JAVA_INT_UNALIGNED, at + TransferRecord.USER_DATA_32));
  }

  /** The newest movements, unfiltered. */
  public static HistoryFilter newest(int limit) {
    return new HistoryFilter(0, Long.MAX_VALUE, null, null, null, null, null, true, limit, 0);
  }

  /** The last movement at or before this time. */
  public static HistoryFilter lastUpTo(long toNanos) {
    return new HistoryFilter(0, toNanos, null, null, null, null, null, true, 1, 0);
  }
}
