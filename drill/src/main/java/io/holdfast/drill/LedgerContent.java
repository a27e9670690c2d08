package io.holdfast.drill;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Transfer;
import java.util.List;

/** What the ledger holds, read back for the judge. */
public interface LedgerContent {
  /** Those of the transfers that there are. */
  List<Transfer> transfers(List<UInt128> ids);

  /** Those of the accounts that there are. */
  List<Account> accounts(List<UInt128> ids);

  /**
   * What debits an account, oldest first.
   *
   * @param after the continuation of the page before; 0 to begin
   */
  Page<Transfer> debitsOf(UInt128 account, long after);
}
