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

  /** The transfers with these ids and their details, in the order asked; missing ones absent. */
  List<TransferWithDetails> transfersWithDetails(List<UInt128> ids);

  /**
   * An account with the open reservations on it, the newest first.
   *
   * @param limit rows in the answer
   * @param after continuation: the timestamp of the last row seen; 0 to begin
   */
  Optional<Holds> holdsOf(UInt128 accountId, int limit, long after);

  /** Accounts by filter. */
  Page<Account> accounts(AccountFilter filter);

  /** Transfers of all accounts, by filter. */
  Page<Transfer> transfers(TransferFilter filter);

  /** An account's transfers, expiries aside; empty when there is no such account. */
  Page<Transfer> transfersOf(UInt128 accountId, HistoryFilter filter);

  /** An account's balances after each of its movements, expiries included. */
  Page<Balance> balancesOf(UInt128 accountId, HistoryFilter filter);

  /**
   * An account's balances as they were at a time: those after its last movement at or before it.
   * Before the first movement all are zero, with 0 as that movement's timestamp and id; empty when
   * no such account was open then. After the last movement they are as they are now.
   */
  Optional<Balance> balanceAt(UInt128 accountId, long timestamp);
}
