package io.holdfast.benchmarks;

import io.holdfast.client.LedgerAccess;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Accounts 1 to N of one ledger, without limits, for payments between random ones. */
final class BenchAccounts {
  static final int LEDGER = 978;
  static final int CODE = 1;

  private static final int REQUEST = 8_000;
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private BenchAccounts() {}

  static void open(LedgerAccess access, int count) {
    for (int from = 1; from <= count; from += REQUEST) {
      List<Account> accounts = new ArrayList<>();
      for (int id = from; id <= Math.min(count, from + REQUEST - 1); id++) {
        accounts.add(Account.opening(UInt128.of(id), LEDGER, CODE, 0));
      }
      Reply reply = access.submit(Request.ofAccounts(accounts), DEADLINE).join();
      for (int i = 0; i < reply.count(); i++) {
        if (!reply.accountStatus(i).isSuccess()) {
          throw new IllegalStateException("account refused: " + reply.accountStatus(i));
        }
      }
    }
  }
}
