package io.holdfast.drill;

import io.holdfast.drill.PaymentHistory.Fate;
import io.holdfast.drill.PaymentHistory.Row;
import io.holdfast.drill.Verdict.Kind;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Transfer;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The independent judge: compares what every client was told with what the ledger holds. It shares
 * no code with the ledger's rules; of the ledger it uses the records' layout alone. An acknowledged
 * payment must be there once and as it was sent, a refused one must not be there, one of unknown
 * outcome may be there or not, and the balances must be what the transfers found make them.
 *
 * <p>It judges plain, pending, posting, voiding and linked transfers without timeouts. Used by one
 * thread, once.
 */
public final class HistoryChecker {
  private static final int LOOK_UP = 8_000;
  private static final int KNOWN_FLAGS = 15;

  private final LedgerContent content;
  private final Verdict.Findings findings = new Verdict.Findings();
  private final ExpectedBalances balances = new ExpectedBalances();
  private final AnswerOrder order = new AnswerOrder();
  private final Set<UInt128> present = new HashSet<>();
  private long sent;
  private long acknowledged;
  private long refused;
  private long notTaken;
  private long unknown;
  private long unknownPresent;

  private HistoryChecker(LedgerContent content) {
    this.content = content;
  }

  /** Judges the histories of a load that was stopped. */
  public static Verdict check(PaymentLoad load, LedgerContent content) {
    return check(
        load.histories(),
        load.plan().openings().stream().map(Account::id).toList(),
        load.unseen(),
        content);
  }

  /**
   * Judges histories.
   *
   * @param accounts that the payments are between; nobody else may have paid from them
   * @param unseen payments that a look-up did not show though they had been acknowledged
   */
  public static Verdict check(
      List<PaymentHistory> histories,
      List<UInt128> accounts,
      List<UInt128> unseen,
      LedgerContent content) {
    HistoryChecker checker = new HistoryChecker(content);
    histories.forEach(checker::judge);
    checker.order.judge(checker.findings);
    for (UInt128 id : unseen) {
      checker.findings.add(Kind.UNSEEN, id, "acknowledged, and a later look-up did not show it");
    }
    boolean conserved = checker.judgeAccounts(accounts);
    checker.judgeDebits(accounts);
    return new Verdict(
        checker.sent,
        checker.acknowledged,
        checker.refused,
        checker.notTaken,
        checker.unknown,
        checker.unknownPresent,
        conserved,
        checker.findings.counts(),
        checker.findings.shown());
  }

  private void judge(PaymentHistory history) {
    Map<UInt128, Row> first = new HashMap<>(); // of those that were sent again, the first answer
    Set<UInt128> sentAgain = new HashSet<>();
    for (int i = 0; i < history.size(); i++) {
      if (history.row(i).again()) {
        sentAgain.add(history.id(i));
      }
    }
    for (int from = 0; from < history.size(); from += LOOK_UP) {
      List<Row> rows =
          IntStream.range(from, Math.min(history.size(), from + LOOK_UP))
              .mapToObj(history::row)
              .toList();
      Map<UInt128, Transfer> found = new HashMap<>();
      for (Transfer transfer :
          content.transfers(rows.stream().map(row -> row.sent().id()).distinct().toList())) {
        if (found.put(transfer.id(), transfer) != null) {
          findings.add(Kind.DOUBLED, transfer.id(), "a look-up shows it twice");
        }
      }
      for (Row row : rows) {
        if (row.again()) {
          judgeAgain(row, first.get(row.sent().id()));
        } else {
          if (sentAgain.contains(row.sent().id())) {
            first.put(row.sent().id(), row);
          }
          judgeFirst(row, found.get(row.sent().id()));
        }
      }
    }
  }

  private void judgeFirst(Row row, @Nullable Transfer found) {
    sent++;
    UInt128 id = row.sent().id();
    if ((row.sent().flags() & ~KNOWN_FLAGS) != 0 || row.sent().timeout() != 0) {
      throw new IllegalArgumentException("not a payment that can be judged: " + row.sent());
    }
    if (row.acknowledged()) {
      acknowledged++;
      if (found == null) {
        findings.add(Kind.LOST, id, "acknowledged in op " + row.op() + ", not in the ledger");
      }
      order.add(row);
    } else if (row.fate() == Fate.JUDGED || row.fate() == Fate.NOT_TAKEN) {
      refused += row.fate() == Fate.JUDGED ? 1 : 0;
      notTaken += row.fate() == Fate.NOT_TAKEN ? 1 : 0;
      if (found != null) {
        findings.add(
            Kind.REFUSED_PRESENT,
            id,
            "refused (" + row.fate() + ", status " + row.status() + "), and it is in the ledger");
      }
    } else {
      unknown++;
      unknownPresent += found == null ? 0 : 1;
    }
    if (found != null) {
      present.add(id);
      compare(row, found);
      balances.add(found, findings);
    }
  }

  /** A payment that was sent again must be answered as the first time, and move nothing. */
  private void judgeAgain(Row row, @Nullable Row first) {
    if (first == null || row.fate() != Fate.JUDGED || first.fate() != Fate.JUDGED) {
      return;
    }
    UInt128 id = row.sent().id();
    if (row.status() == Statuses.CREATED) {
      findings.add(Kind.DOUBLED, id, "created again in op " + row.op());
    } else if (first.acknowledged() != row.acknowledged()) {
      findings.add(
          Kind.CONTRADICTION,
          id,
          "was answered with status " + first.status() + ", then with " + row.status());
    } else if (row.acknowledged() && row.timestamp() != first.timestamp()) {
      findings.add(
          Kind.CONTRADICTION,
          id,
          "has timestamp " + first.timestamp() + ", then " + row.timestamp());
    }
  }

  private void compare(Row row, Transfer found) {
    Transfer sentAs = row.sent();
    Transfer pending = balances.reservation(sentAs.pendingId());
    Transfer expected = pending == null ? sentAs : Settlement.resolved(sentAs, pending);
    String difference = Settlement.difference(expected, found);
    if (difference.isEmpty() && row.acknowledged() && row.timestamp() != found.timestamp()) {
      difference = "timestamp told " + row.timestamp() + ", in the ledger " + found.timestamp();
    }
    if (!difference.isEmpty()) {
      findings.add(Kind.DIFFERENT, sentAs.id(), difference);
    }
  }

  private boolean judgeAccounts(List<UInt128> ids) {
    BigInteger pending = BigInteger.ZERO;
    BigInteger posted = BigInteger.ZERO;
    List<Account> accounts = content.accounts(ids);
    if (accounts.size() != ids.size()) {
      Set<UInt128> missing = new HashSet<>(ids);
      accounts.forEach(account -> missing.remove(account.id()));
      missing.forEach(id -> findings.add(Kind.LOST, id, "an account opened is not in the ledger"));
    }
    for (Account account : accounts) {
      balances.compare(account, findings);
      pending =
          pending
              .add(account.debitsPending().toBigInteger())
              .subtract(account.creditsPending().toBigInteger());
      posted =
          posted
              .add(account.debitsPosted().toBigInteger())
              .subtract(account.creditsPosted().toBigInteger());
    }
    return pending.signum() == 0 && posted.signum() == 0;
  }

  /** Reads all debits of all accounts: each present payment once, and nothing else. */
  private void judgeDebits(List<UInt128> accounts) {
    Set<UInt128> listed = new HashSet<>();
    for (UInt128 account : accounts) {
      long after = 0;
      do {
        Page<Transfer> page = content.debitsOf(account, after);
        for (Transfer transfer : page.rows()) {
          if (!listed.add(transfer.id())) {
            findings.add(Kind.DOUBLED, transfer.id(), "the accounts' histories show it twice");
          } else if (!present.contains(transfer.id())) {
            findings.add(Kind.STRANGER, transfer.id(), "in an account's history, sent by nobody");
          }
        }
        after = page.next();
      } while (after != 0);
    }
    for (UInt128 id : present) {
      if (!listed.contains(id)) {
        findings.add(Kind.CONTRADICTION, id, "in the ledger, and in no account's history");
      }
    }
  }
}
