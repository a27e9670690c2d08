package io.holdfast.drill;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Transfer;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Balances worked out from the transfers found, in plain big integers, sharing no code with the
 * ledger. Pending transfers must not have a timeout: whether one has expired cannot be seen here.
 */
final class ExpectedBalances {
  private static final int PENDING = 2;
  private static final int POST = 4;
  private static final int VOID = 8;
  private static final List<String> NAMES =
      List.of("debits_pending", "debits_posted", "credits_pending", "credits_posted");

  private final Map<UInt128, BigInteger[]> balances = new HashMap<>();
  private final Map<UInt128, Transfer> reserved = new HashMap<>();
  private final Map<UInt128, UInt128> settledBy = new HashMap<>();

  /** Counts a transfer found in the ledger, a pending one before what settles it. */
  void add(Transfer found, Verdict.Findings findings) {
    BigInteger amount = found.amount().toBigInteger();
    if ((found.flags() & (POST | VOID)) != 0) {
      settle(found, amount, findings);
    } else if ((found.flags() & PENDING) != 0) {
      reserved.put(found.id(), found);
      move(found, 0, amount);
    } else {
      move(found, 1, amount);
    }
  }

  private void settle(Transfer found, BigInteger amount, Verdict.Findings findings) {
    Transfer pending = reserved.get(found.pendingId());
    if (pending == null) {
      findings.add(
          Verdict.Kind.CONTRADICTION,
          found.id(),
          "settles " + found.pendingId().toId() + ", which is not in the ledger");
      return;
    }
    UInt128 other = settledBy.put(found.pendingId(), found.id());
    if (other != null) {
      findings.add(
          Verdict.Kind.DOUBLED,
          found.id(),
          "settles " + found.pendingId().toId() + ", which " + other.toId() + " had settled");
    }
    move(pending, 0, pending.amount().toBigInteger().negate());
    if ((found.flags() & POST) != 0) {
      move(pending, 1, amount);
    }
  }

  /** The reservation that a post or void settles; null when it was not found before. */
  @Nullable Transfer reservation(UInt128 id) {
    return reserved.get(id);
  }

  /** Compares with the account as the ledger gives it. */
  void compare(Account account, Verdict.Findings findings) {
    BigInteger[] expected = of(account.id());
    List<UInt128> found =
        List.of(
            account.debitsPending(),
            account.debitsPosted(),
            account.creditsPending(),
            account.creditsPosted());
    for (int i = 0; i < expected.length; i++) {
      BigInteger actual = found.get(i).toBigInteger();
      if (!actual.equals(expected[i])) {
        findings.add(
            Verdict.Kind.MISBALANCED,
            account.id(),
            NAMES.get(i) + " is " + actual + ", its transfers make " + expected[i]);
      }
    }
  }

  private void move(Transfer accounts, int posted, BigInteger amount) {
    BigInteger[] debit = of(accounts.debitAccountId());
    debit[posted] = debit[posted].add(amount);
    BigInteger[] credit = of(accounts.creditAccountId());
    credit[2 + posted] = credit[2 + posted].add(amount);
  }

  private BigInteger[] of(UInt128 account) {
    return balances.computeIfAbsent(
        account,
        id ->
            new BigInteger[] {BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO});
  }
}
