package io.holdfast.cli;

import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.TransferStatus;
import java.util.List;

/** Where an import goes. Blocks; used by one thread. */
interface Destination {
  /** Opens at most 8,189 accounts; the answers in the same order. */
  List<AccountStatus> openAccounts(List<Account> accounts);

  /** Makes at most 8,189 transfers; the answers in the same order. */
  List<TransferStatus> transfer(List<Movement> movements);

  /** Goes nowhere: a rehearsal in which everything that can be read would be created. */
  Destination NOWHERE =
      new Destination() {
        @Override
        public List<AccountStatus> openAccounts(List<Account> accounts) {
          return accounts.stream().map(account -> AccountStatus.CREATED).toList();
        }

        @Override
        public List<TransferStatus> transfer(List<Movement> movements) {
          return movements.stream().map(movement -> TransferStatus.CREATED).toList();
        }
      };
}
