package io.holdfast.vault;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which transfers should not have been. Null fields and empty sets do not filter; what filters, all
 * must want.
 *
 * @param accounts on either side of it
 * @param fromNanos first timestamp included
 * @param untilNanos last timestamp included; {@link Long#MAX_VALUE} for no bound
 */
public record CorrectionFilter(
    Set<UInt128> ids,
    Set<UInt128> accounts,
    @Nullable Integer ledger,
    @Nullable Integer code,
    @Nullable UInt128 userData128,
    @Nullable Long userData64,
    @Nullable Integer userData32,
    long fromNanos,
    long untilNanos) {

  public CorrectionFilter {
    ids = Set.copyOf(ids);
    accounts = Set.copyOf(accounts);
  }

  public boolean wants(Transfer transfer) {
    return (ids.isEmpty() || ids.contains(transfer.id()))
        && (accounts.isEmpty()
            || accounts.contains(transfer.debitAccountId())
            || accounts.contains(transfer.creditAccountId()))
        && (ledger == null || ledger == transfer.ledger())
        && (code == null || code == transfer.code())
        && (userData128 == null || userData128.equals(transfer.userData128()))
        && (userData64 == null || userData64 == transfer.userData64())
        && (userData32 == null || userData32 == transfer.userData32())
        && transfer.timestamp() >= fromNanos
        && transfer.timestamp() <= untilNanos;
  }
}
