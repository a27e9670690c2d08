package io.holdfast.cli;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * The reconciliation of an import: every row of the file is created, existing or rejected.
 *
 * @param rejections rows by the code of their rejection
 * @param nanos how long it took
 */
record ImportReport(
    long rows,
    Counts transfers,
    Counts accounts,
    Map<String, Long> rejections,
    List<Sums> sums,
    BalanceCheck balances,
    long nanos) {

  /** How many were created now, stood there already, equal, or were refused. */
  record Counts(long created, long existing, long rejected) {}

  /**
   * Amounts of one currency, in minor units.
   *
   * @param rejected of rows whose amount could be read
   * @param credited to the accounts of the file, by what is in the ledger now
   * @param debited from the accounts of the file
   */
  record Sums(
      CurrencyRule.Currency currency,
      BigInteger created,
      BigInteger existing,
      BigInteger rejected,
      BigInteger credited,
      BigInteger debited) {}

  /**
   * How the ledger's balances agree with the file's.
   *
   * @param checked accounts compared; 0 if the mapping asks for no comparison
   * @param differing those beyond the tolerance
   */
  record BalanceCheck(long checked, List<Difference> differing) {
    static final BalanceCheck NONE = new BalanceCheck(0, List.of());
  }

  /**
   * An account whose balance is not what the file says.
   *
   * @param account its id
   * @param line where the file mentions it first
   * @param expected the file's nearest balance of the last day, minor units
   * @param actual the ledger's balance, minor units
   * @param tolerance allowed difference, minor units
   */
  record Difference(
      String account,
      long line,
      CurrencyRule.Currency currency,
      BigInteger expected,
      BigInteger actual,
      BigInteger tolerance) {}

  /** Whether everything in the file is in the ledger and agrees. */
  boolean complete() {
    return transfers.rejected() == 0 && accounts.rejected() == 0 && balances.differing().isEmpty();
  }
}
