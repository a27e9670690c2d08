package io.holdfast.vault;

import io.holdfast.ledger.Account;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * An account at an earlier and at a later moment.
 *
 * @param then null when it was opened in between
 * @param transfers that moved it in between
 */
public record AccountDifference(@Nullable Account then, Account now, int transfers) {
  /** What one side of the account's balances grew by; less than 0 where it shrank. */
  public record Growth(BigInteger posted, BigInteger pending) {}

  public Growth debits() {
    return then == null
        ? new Growth(now.debitsPosted().toBigInteger(), now.debitsPending().toBigInteger())
        : new Growth(
            now.debitsPosted().toBigInteger().subtract(then.debitsPosted().toBigInteger()),
            now.debitsPending().toBigInteger().subtract(then.debitsPending().toBigInteger()));
  }

  public Growth credits() {
    return then == null
        ? new Growth(now.creditsPosted().toBigInteger(), now.creditsPending().toBigInteger())
        : new Growth(
            now.creditsPosted().toBigInteger().subtract(then.creditsPosted().toBigInteger()),
            now.creditsPending().toBigInteger().subtract(then.creditsPending().toBigInteger()));
  }

  /** What its balance, credits minus debits, posted, changed by. */
  public BigInteger change() {
    return credits().posted().subtract(debits().posted());
  }

  /** Whether anything about its balances, or whether it is closed, is not as it was. */
  public boolean isChanged() {
    return then == null
        || transfers > 0
        || then.flags() != now.flags()
        || !then.debitsPosted().equals(now.debitsPosted())
        || !then.debitsPending().equals(now.debitsPending())
        || !then.creditsPosted().equals(now.creditsPosted())
        || !then.creditsPending().equals(now.creditsPending());
  }
}
