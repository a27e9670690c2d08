package io.holdfast.cli;

import io.holdfast.client.LedgerAccess;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.TimeOrderedIds;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.AccountFlags;
import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.ledger.TransferStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out, before an import that keeps its dates begins, whether the ledger can still take them:
 * one live account or transfer makes all older imports impossible, because time only grows.
 *
 * <p>It asks the ledger itself, with a chain of two linked events that cannot succeed: the first
 * carries the date in question, the second has the id zero, which breaks the chain. Nothing is
 * created; but if the date is too old, the first says so.
 */
final class ImportPreflight {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final LedgerAccess ledger;
  private final TimeOrderedIds ids = new TimeOrderedIds(new SystemClock());

  ImportPreflight(LedgerAccess ledger) {
    this.ledger = ledger;
  }

  /** Throws code {@code import-too-late} unless the movement is there already or can be made. */
  void check(Movement first) {
    UInt128 firstId = first.transfer().id();
    boolean repeated =
        !Waiting.on(ledger.transfers(List.of(firstId), Consistency.LINEARIZABLE)).value().isEmpty();
    if (repeated) {
      return; // what is there answers "exists"; the ledger judges the rest row by row
    }
    if (accountsTooLate(first.account()) || transfersTooLate(first)) {
      Instant date = Instant.ofEpochSecond(0, first.transfer().timestamp());
      throw new HoldfastException(
          "import-too-late",
          "the ledger holds accounts or transfers younger than the file's first movement (%s), so"
                  .formatted(date.atOffset(ZoneOffset.UTC).toLocalDate())
              + " original dates are no longer possible",
          "import into a fresh ledger, oldest file first and before the first live payment; or"
              + " leave --imported away: the movements then get today's timestamps");
    }
  }

  private boolean accountsTooLate(Account first) {
    Account probe = account(ids.next(), first, AccountFlags.LINKED, first.timestamp());
    Account breaker = account(UInt128.ZERO, first, 0, first.timestamp() + 1);
    Request chain = Request.ofAccounts(List.of(probe, breaker));
    return Waiting.on(ledger.submit(chain, DEADLINE)).accountStatus(0)
        == AccountStatus.IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS;
  }

  /** Two accounts of a ledger; fewer if it has no more. A page may be short though more follow. */
  private List<Account> twoOf(int ledgerNumber) {
    List<Account> accounts = new ArrayList<>();
    long after = 0;
    do {
      AccountFilter filter = AccountFilter.ofLedger(ledgerNumber, null, 2 - accounts.size(), after);
      Page<Account> page = Waiting.on(ledger.accounts(filter, Consistency.LINEARIZABLE)).value();
      accounts.addAll(page.rows());
      after = page.next();
    } while (after != 0 && accounts.size() < 2);
    return accounts;
  }

  private boolean transfersTooLate(Movement first) {
    int ledgerNumber = first.currency().ledger();
    List<Account> accounts = twoOf(ledgerNumber);
    if (accounts.size() < 2) {
      return Waiting.on(ledger.status()).transfers() > 0;
    }
    long timestamp = first.transfer().timestamp();
    Request chain =
        Request.ofTransfers(
            List.of(
                transfer(ids.next(), accounts, ledgerNumber, TransferFlags.LINKED, timestamp),
                transfer(UInt128.ZERO, accounts, ledgerNumber, 0, timestamp + 1)));
    return Waiting.on(ledger.submit(chain, DEADLINE)).transferStatus(0)
        == TransferStatus.IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS;
  }

  private static Account account(UInt128 id, Account like, int flags, long timestamp) {
    UInt128 zero = UInt128.ZERO;
    return new Account(
        id,
        zero,
        zero,
        zero,
        zero,
        zero,
        0,
        0,
        0,
        like.ledger(),
        like.code(),
        flags | AccountFlags.IMPORTED,
        timestamp);
  }

  private static Transfer transfer(
      UInt128 id, List<Account> accounts, int ledger, int flags, long timestamp) {
    return new Transfer(
        id,
        accounts.get(0).id(),
        accounts.get(1).id(),
        UInt128.ZERO,
        UInt128.ZERO,
        UInt128.ZERO,
        0,
        0,
        0,
        ledger,
        1,
        flags | TransferFlags.IMPORTED,
        timestamp);
  }
}
