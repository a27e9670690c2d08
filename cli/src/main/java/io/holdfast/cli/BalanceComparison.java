package io.holdfast.cli;

import io.holdfast.kernel.UInt128;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Compares what the accounts hold with what the file says they hold at the end of their last day.
 * Files do not tell in which order the movements of one day happened, so any balance of that day
 * will do; and some files round, so the mapping may allow a tolerance for each movement.
 */
final class BalanceComparison {
  private BalanceComparison() {}

  /**
   * @param actual minor units by account; credits count as positive
   */
  static ImportReport.BalanceCheck of(
      Map<UInt128, AccountBook.Entry> stated,
      Map<UInt128, BigInteger> actual,
      BalanceRule rule,
      boolean creditNormal) {
    List<ImportReport.Difference> differing = new ArrayList<>();
    stated.forEach(
        (id, entry) -> {
          BigInteger holds = actual.getOrDefault(id, BigInteger.ZERO);
          BigInteger balance = creditNormal ? holds : holds.negate();
          BigInteger expected = nearest(entry.statedOnLastDay(), balance);
          BigInteger tolerance = tolerance(entry, rule);
          if (balance.subtract(expected).abs().compareTo(tolerance) > 0) {
            differing.add(
                new ImportReport.Difference(
                    id.toId(), entry.firstLine(), entry.currency(), expected, balance, tolerance));
          }
        });
    differing.sort(Comparator.comparingLong(ImportReport.Difference::line));
    return new ImportReport.BalanceCheck(stated.size(), differing);
  }

  private static BigInteger nearest(List<BigInteger> stated, BigInteger balance) {
    return stated.stream()
        .min(Comparator.comparing(one -> one.subtract(balance).abs()))
        .orElseThrow();
  }

  private static BigInteger tolerance(AccountBook.Entry entry, BalanceRule rule) {
    return rule.tolerancePerMovement()
        .movePointRight(entry.currency().scale())
        .multiply(BigDecimal.valueOf(entry.movements()))
        .setScale(0, RoundingMode.FLOOR)
        .toBigInteger();
  }
}
