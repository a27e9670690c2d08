package io.holdfast.cli;

import io.holdfast.client.FlagNames;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.Transfer;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** How amounts, times and flags look to a person. */
final class Shown {
  private Shown() {}

  static String amount(UInt128 minorUnits, int scale) {
    return amount(minorUnits.toBigInteger(), scale);
  }

  /** With commas between thousands. */
  static String amount(BigInteger minorUnits, int scale) {
    String plain = DecimalAmount.format(minorUnits.abs(), scale);
    int point = plain.indexOf('.');
    String whole = point < 0 ? plain : plain.substring(0, point);
    StringBuilder grouped = new StringBuilder(whole);
    for (int at = whole.length() - 3; at > 0; at -= 3) {
      grouped.insert(at, ',');
    }
    return (minorUnits.signum() < 0 ? "-" : "")
        + grouped
        + (point < 0 ? "" : plain.substring(point));
  }

  /** An instant in UTC, to the nanosecond, since timestamps are told apart by it. */
  static String time(long nanos) {
    return nanos == 0
        ? "-"
        : Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L).toString();
  }

  static String flags(FlagNames names, int bits) {
    List<String> set = names.of(bits);
    return set.isEmpty() ? "-" : String.join(", ", set);
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String unsigned(int number) {
    return Integer.toUnsignedString(number);
  }

  /** What an account holds: credits minus debits, posted. */
  static BigInteger balance(Account account) {
    return account.creditsPosted().toBigInteger().subtract(account.debitsPosted().toBigInteger());
  }

  /** The same right after a movement. */
  static BigInteger balance(Balance balance) {
    return balance.creditsPosted().toBigInteger().subtract(balance.debitsPosted().toBigInteger());
  }

  /** Adds the field and value lines of balances. */
  static Table balances(Table table, Balance of, int scale) {
    String movement =
        of.timestamp() == 0
            ? "-"
            : time(of.timestamp())
                + (of.expiry() ? ", expiry of " : ", transfer ")
                + of.transferId().toId();
    return balances(
            table,
            balance(of),
            List.of(of.creditsPosted(), of.debitsPosted(), of.creditsPending(), of.debitsPending()),
            scale)
        .row("last movement", movement);
  }

  /** Adds the field and value lines of an account's balances. */
  static Table balances(Table table, Account of, int scale) {
    return balances(
        table,
        balance(of),
        List.of(of.creditsPosted(), of.debitsPosted(), of.creditsPending(), of.debitsPending()),
        scale);
  }

  private static Table balances(Table table, BigInteger balance, List<UInt128> four, int scale) {
    return table
        .row("balance", amount(balance, scale) + "  (credits minus debits, posted)")
        .row("credits posted", amount(four.get(0), scale))
        .row("debits posted", amount(four.get(1), scale))
        .row("credits pending", amount(four.get(2), scale))
        .row("debits pending", amount(four.get(3), scale));
  }

  /** The field and value lines of a transfer. */
  static Table transfer(Transfer transfer, int scale) {
    return new Table("", "")
        .row("transfer", transfer.id().toId())
        .row("amount", amount(transfer.amount(), scale))
        .row("debit account", transfer.debitAccountId().toId())
        .row("credit account", transfer.creditAccountId().toId())
        .row("ledger", unsigned(transfer.ledger()))
        .row("code", transfer.code())
        .row("flags", flags(FlagNames.TRANSFER, transfer.flags()))
        .row("pending id", transfer.pendingId().isZero() ? "-" : transfer.pendingId().toId())
        .row("timeout", transfer.timeout() == 0 ? "-" : unsigned(transfer.timeout()) + " s")
        .row("user data 128", transfer.userData128().toId())
        .row("user data 64", Long.toUnsignedString(transfer.userData64()))
        .row("user data 32", unsigned(transfer.userData32()))
        .row("created", time(transfer.timestamp()));
  }

  /** The field and value lines of an account. */
  static Table account(Account account, int scale) {
    return balances(new Table("", "").row("account", account.id().toId()), account, scale)
        .row("ledger", unsigned(account.ledger()))
        .row("code", account.code())
        .row("flags", flags(FlagNames.ACCOUNT, account.flags()))
        .row("user data 128", account.userData128().toId())
        .row("user data 64", Long.toUnsignedString(account.userData64()))
        .row("user data 32", unsigned(account.userData32()))
        .row("created", time(account.timestamp()));
  }
}
