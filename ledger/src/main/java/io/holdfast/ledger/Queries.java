package io.holdfast.ledger;

import io.holdfast.kernel.UInt128;
import java.util.List;
import java.util.Optional;

/** What can be asked of a ledger. All answers of one instance are from the same moment. */
public interface Queries {
  /** The accounts with these ids in the order asked; missing ones are absent. */
  List<Account> accounts(List<UInt128> ids);

  /** The transfers with these ids in the order asked; missing ones are absent. */
  List<Transfer> transfers(List<UInt128> ids);

  /** The details of a transfer; empty when it has none or does not exist. */
  Optional<byte[]> details(UInt128 transferId);

  /** Accounts by filter, oldest first. */
  Page<Account> accounts(AccountFilter filter);

  /** An account's transfers; empty when there is no such account. */
  Page<Transfer> transfersOf(UInt128 accountId, HistoryFilter filter);

  /** An account's balances after each of its movements, expiries included. */
  Page<Balance> balancesOf(UInt128 accountId, HistoryFilter filter);
}
