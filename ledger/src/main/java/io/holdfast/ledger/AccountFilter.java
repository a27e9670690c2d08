package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.holdfast.kernel.UInt128;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Which accounts are asked for. Null fields do not filter.
 *
 * @param fromNanos first timestamp included: accounts are filtered by when they were opened
 * @param toNanos last timestamp included; {@link Long#MAX_VALUE} for no bound
 * @param newestFirst the order of the answer
 * @param limit rows in the answer, 1 to {@link io.holdfast.kernel.Limits#PAGE_ROWS_MAX}
 * @param after continuation: the timestamp that the last answer named; 0 to begin
 */
public record AccountFilter(
    long fromNanos,
    long toNanos,
    @Nullable Integer ledger,
    @Nullable Integer code,
    @Nullable UInt128 userData128,
    @Nullable Long userData64,
    @Nullable Integer userData32,
    boolean newestFirst,
    int limit,
    long after) {

  /** All accounts, oldest first. */
  public static AccountFilter all(int limit, long after) {
    return ofLedger(null, null, limit, after);
  }

  /** The accounts with this ledger and code, oldest first. */
  public static AccountFilter ofLedger(
      @Nullable Integer ledger, @Nullable Integer code, int limit, long after) {
    return new AccountFilter(
        0, Long.MAX_VALUE, ledger, code, null, null, null, false, limit, after);
  }

  /** The first timestamp that is still wanted. */
  public long first() {
    boolean begins = after == 0 || newestFirst;
    return begins ? fromNanos : Math.max(fromNanos, Page.justAfter(after));
  }

  /** The last timestamp that is still wanted. */
  public long last() {
    return after == 0 || !newestFirst ? toNanos : Math.min(toNanos, after - 1);
  }

  /** Whether it wants the account that is stored at {@code at}, its time aside. */
  public boolean wants(MemorySegment record, long at) {
    return (ledger == null || ledger == record.get(JAVA_INT_UNALIGNED, at + AccountRecord.LEDGER))
        && (code == null
            || code
                == Short.toUnsignedInt(record.get(JAVA_SHORT_UNALIGNED, at + AccountRecord.CODE)))
        && (userData128 == null
            || userData128.equals(Records128.read(record, at + AccountRecord.USER_DATA_128)))
        && (userData64 == null
            || userData64 == record.get(JAVA_LONG_UNALIGNED, at + AccountRecord.USER_DATA_64))
        && (userData32 == null
            || userData32 == record.get(JAVA_INT_UNALIGNED, at + AccountRecord.USER_DATA_32));
  }
}
