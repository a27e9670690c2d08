package io.holdfast.cli;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFlags;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferStatus;
import io.holdfast.vault.Correction;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Foresees which corrections the ledger would refuse because an account has too little or is
 * closed, from its accounts as they are now: an id that was refused so never succeeds later, while
 * one that was not submitted can wait until the account is funded. Payments in between can prove it
 * wrong.
 */
final class LimitForecast {
  private final Map<UInt128, Book> books = new HashMap<>();

  LimitForecast(List<Account> accounts) {
    accounts.forEach(account -> books.put(account.id(), new Book(account)));
  }

  /** Why a correction would be refused; null when it would not, and then it counts as done. */
  @Nullable TransferStatus refusal(Correction correction) {
    Transfer transfer = correction.correction();
    Book debit = Objects.requireNonNull(books.get(transfer.debitAccountId()));
    Book credit = Objects.requireNonNull(books.get(transfer.creditAccountId()));
    BigInteger amount = transfer.amount().toBigInteger();
    if (correction.kind() == Correction.Kind.VOID) {
      debit.debits = debit.debits.subtract(amount);
      credit.credits = credit.credits.subtract(amount);
      return null;
    }
    if (debit.has(AccountFlags.CLOSED)) {
      return TransferStatus.DEBIT_ACCOUNT_ALREADY_CLOSED;
    }
    if (credit.has(AccountFlags.CLOSED)) {
      return TransferStatus.CREDIT_ACCOUNT_ALREADY_CLOSED;
    }
    if (debit.has(AccountFlags.DEBITS_MUST_NOT_EXCEED_CREDITS)
        && debit.debits.add(amount).compareTo(debit.creditsPosted) > 0) {
      return TransferStatus.EXCEEDS_CREDITS;
    }
    if (credit.has(AccountFlags.CREDITS_MUST_NOT_EXCEED_DEBITS)
        && credit.credits.add(amount).compareTo(credit.debitsPosted) > 0) {
      return TransferStatus.EXCEEDS_DEBITS;
    }
    debit.debits = debit.debits.add(amount);
    debit.debitsPosted = debit.debitsPosted.add(amount);
    credit.credits = credit.credits.add(amount);
    credit.creditsPosted = credit.creditsPosted.add(amount);
    return null;
  }

  /** An account's sums; those without a word are posted and pending together. */
  private static final class Book {
    private final int flags;
    private BigInteger debits;
    private BigInteger debitsPosted;
    private BigInteger credits;
    private BigInteger creditsPosted;

    Book(Account account) {
      flags = account.flags();
      debitsPosted = account.debitsPosted().toBigInteger();
      creditsPosted = account.creditsPosted().toBigInteger();
      debits = debitsPosted.add(account.debitsPending().toBigInteger());
      credits = creditsPosted.add(account.creditsPending().toBigInteger());
    }

    boolean has(int flag) {
      return (flags & flag) != 0;
    }
  }
}
