package io.holdfast.cli;

import io.holdfast.client.LedgerAccess;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.HistoryFilter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the accounts of an import hold, asked of the ledger. Blocks. */
final class LedgerBalances {
  private final LedgerAccess ledger;

  LedgerBalances(LedgerAccess ledger) {
    this.ledger = ledger;
  }

  /** Credits minus debits, posted, of each account that exists. */
  Map<UInt128, BigInteger> now(List<UInt128> ids) {
    Map<UInt128, BigInteger> balances = new HashMap<>();
    for (int from = 0; from < ids.size(); from += Limits.LOOKUP_IDS_MAX) {
      List<UInt128> some = ids.subList(from, Math.min(ids.size(), from + Limits.LOOKUP_IDS_MAX));
      for (Account account :
          Waiting.on(ledger.accounts(new ArrayList<>(some), Consistency.LINEARIZABLE)).value()) {
        balances.put(account.id(), balance(account.creditsPosted(), account.debitsPosted()));
      }
    }
    return balances;
  }

  /** Credits minus debits, posted, right after the last movement at or before a time. */
  BigInteger at(UInt128 account, long timestamp) {
    HistoryFilter upTo = new HistoryFilter(0, timestamp, null, null, null, null, null, true, 1, 0);
    List<Balance> last =
        Waiting.on(ledger.balancesOf(account, upTo, Consistency.LINEARIZABLE)).value().rows();
    return last.isEmpty()
        ? BigInteger.ZERO
        : balance(last.getFirst().creditsPosted(), last.getFirst().debitsPosted());
  }

  private static BigInteger balance(UInt128 credits, UInt128 debits) {
    return credits.toBigInteger().subtract(debits.toBigInteger());
  }
}
