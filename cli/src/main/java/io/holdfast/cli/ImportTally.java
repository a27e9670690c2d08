package io.holdfast.cli;

import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.TransferStatus;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what became of the rows. Used by one thread. */
final class ImportTally {
  private long rows;
  private final long[] transfers = new long[3]; // created, existing, rejected
  private final long[] accounts = new long[3];
  private final Map<String, Long> rejections = new TreeMap<>();
  private final Map<String, CurrencySums> sums = new TreeMap<>();

  private static final class CurrencySums {
    final CurrencyRule.Currency currency;
    BigInteger created = BigInteger.ZERO;
    BigInteger existing = BigInteger.ZERO;
    BigInteger rejected = BigInteger.ZERO;
    BigInteger credited = BigInteger.ZERO;
    BigInteger debited = BigInteger.ZERO;

    CurrencySums(CurrencyRule.Currency currency) {
      this.currency = currency;
    }
  }

  long rows() {
    return rows;
  }

  void account(AccountStatus status) {
    accounts[status == AccountStatus.CREATED ? 0 : status.isSuccess() ? 1 : 2]++;
  }

  /** A row that could not be read as a movement. */
  void refused(String code) {
    rows++;
    transfers[2]++;
    rejections.merge(code, 1L, Long::sum);
  }

  /** A row that was refused after its amount was known. */
  void refused(String code, Movement movement) {
    refused(code);
    CurrencySums of = of(movement);
    of.rejected = of.rejected.add(movement.signed().abs());
  }

  /** A row that is in the ledger. */
  void moved(TransferStatus status, Movement movement) {
    rows++;
    BigInteger amount = movement.signed().abs();
    CurrencySums of = of(movement);
    if (status == TransferStatus.CREATED) {
      transfers[0]++;
      of.created = of.created.add(amount);
    } else {
      transfers[1]++;
      of.existing = of.existing.add(amount);
    }
    if (movement.signed().signum() >= 0) {
      of.credited = of.credited.add(amount);
    } else {
      of.debited = of.debited.add(amount);
    }
  }

  ImportReport report(ImportReport.BalanceCheck balances, long nanos) {
    List<ImportReport.Sums> all = new ArrayList<>();
    for (CurrencySums of : sums.values()) {
      all.add(
          new ImportReport.Sums(
              of.currency, of.created, of.existing, of.rejected, of.credited, of.debited));
    }
    return new ImportReport(
        rows, counts(transfers), counts(accounts), new TreeMap<>(rejections), all, balances, nanos);
  }

  private CurrencySums of(Movement movement) {
    return sums.computeIfAbsent(
        movement.currency().name(), name -> new CurrencySums(movement.currency()));
  }

  private static ImportReport.Counts counts(long[] of) {
    return new ImportReport.Counts(of[0], of[1], of[2]);
  }
}
