package io.holdfast.drill;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Transfer;
import java.time.Duration;
import java.util.List;

/** A ledger's content through the Java client; every read sees all that was acknowledged. */
public final class ClientContent implements LedgerContent {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HoldfastClient client;

  public ClientContent(HoldfastClient client) {
    this.client = client;
  }

  @Override
  public List<Transfer> transfers(List<UInt128> ids) {
    return ClientDoor.await(client.transferRecords(ids, Consistency.LINEARIZABLE), PATIENCE)
        .value();
  }

  @Override
  public List<Account> accounts(List<UInt128> ids) {
    return ClientDoor.await(client.accounts(ids, Consistency.LINEARIZABLE), PATIENCE).value();
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
    return ClientDoor.await(client.transfersOf(account, filter, Consistency.LINEARIZABLE), PATIENCE)
        .value();
  }
}
