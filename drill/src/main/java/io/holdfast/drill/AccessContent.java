package io.holdfast.drill;

import io.holdfast.client.LedgerAccess;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.client.LedgerAccess.TransferWithDetails;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Transfer;
import java.time.Duration;
import java.util.List;

/** A ledger's content through the Java client; every read sees all that was acknowledged. */
public final class AccessContent implements LedgerContent {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final LedgerAccess access;

  public AccessContent(LedgerAccess access) {
    this.access = access;
  }

  @Override
  public List<Transfer> transfers(List<UInt128> ids) {
    return LedgerDoor.await(access.transfers(ids, Consistency.LINEARIZABLE), PATIENCE)
        .value()
        .stream()
        .map(TransferWithDetails::transfer)
        .toList();
  }

  @Override
  public List<Account> accounts(List<UInt128> ids) {
    return LedgerDoor.await(access.accounts(ids, Consistency.LINEARIZABLE), PATIENCE).value();
  }

  @Override
  public Page<Transfer> debitsOf(UInt128 account, long after) {
    HistoryFilter filter =
        new HistoryFilter(
            0,
            Long.MAX_VALUE,
            HistoryFilter.Side.DEBIT,
            null,
            null,
            null,
            null,
            false,
            Limits.PAGE_ROWS_MAX,
            after);
    return LedgerDoor.await(
            access.transfersOf(account, filter, Consistency.LINEARIZABLE), PATIENCE)
        .value();
  }
}
