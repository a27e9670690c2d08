package io.holdfast.systemtests;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A file of bank movements in the shape of the Berka set, read here without the importer's code, so
 * that what the import made can be judged. Fields are separated by {@code ;}.
 */
record BankMovements(Path file, List<Movement> movements) {
  private static final String HEADER =
      "\"trans_id\";\"account_id\";\"date\";\"type\";\"operation\";\"amount\";\"balance\";"
          + "\"k_symbol\";\"bank\";\"account\"";
  private static final BigDecimal ROUNDING = new BigDecimal("0.10");

  record Movement(long account, int date, BigDecimal signedAmount, BigDecimal balance) {}

  /** What one account holds after the last movement of the file. */
  record Expected(BigDecimal sum, long movements, List<BigDecimal> lastDaysBalances) {
    /** Whether the sum agrees with one of the last day's balances within the file's rounding. */
    boolean agreesWithTheFile() {
      BigDecimal tolerance = ROUNDING.multiply(BigDecimal.valueOf(movements));
      return lastDaysBalances.stream()
          .anyMatch(balance -> balance.subtract(sum).abs().compareTo(tolerance) <= 0);
    }
  }

  static BankMovements read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    List<Movement> movements = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.replace("\"", "").split(";", -1);
      BigDecimal amount = new BigDecimal(fields[5]);
      movements.add(
          new Movement(
              Long.parseLong(fields[1]),
              Integer.parseInt(fields[2]),
              fields[3].equals("PRIJEM") ? amount : amount.negate(),
              new BigDecimal(fields[6])));
    }
    return new BankMovements(file, movements);
  }

  /** Makes a small file of the same shape, for machines that do not have the real one. */
  static BankMovements generated(Path file, int rows, long seed) throws IOException {
    Random random = new Random(seed);
    Map<Long, BigDecimal> balances = new HashMap<>();
    List<String> lines = new ArrayList<>(List.of(HEADER));
    for (int row = 0; row < rows; row++) {
      long account = 1L + random.nextInt(40);
      int date = 930_101 + row * 28 / rows;
      BigDecimal amount = BigDecimal.valueOf(100 + random.nextInt(1_000_000), 2);
      boolean credit = row < rows / 4 || random.nextBoolean();
      String kind =
          credit
              ? (random.nextBoolean() ? "\"PRIJEM\";\"VKLAD\"" : "\"PRIJEM\";\"PREVOD Z UCTU\"")
              : (random.nextBoolean() ? "\"VYDAJ\";\"VYBER\"" : "\"VYDAJ\";\"PREVOD NA UCET\"");
      BigDecimal balance =
          balances.merge(account, credit ? amount : amount.negate(), BigDecimal::add);
      String other = kind.contains("PREVOD") ? ";\"AB\";" + (1_000 + row) : ";;";
      lines.add(
          "%d;%d;%d;%s;%s;%s;\"\"%s"
              .formatted(500_000 + row, account, date, kind, amount, balance, other));
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, lines, StandardCharsets.ISO_8859_1);
    return read(file);
  }

  Map<Long, Expected> expected() {
    Map<Long, Integer> lastDays = new HashMap<>();
    movements.forEach(m -> lastDays.merge(m.account(), m.date(), Math::max));
    Map<Long, Expected> expected = new HashMap<>();
    for (Movement m : movements) {
      Expected before =
          expected.getOrDefault(m.account(), new Expected(BigDecimal.ZERO, 0, List.of()));
      List<BigDecimal> balances = new ArrayList<>(before.lastDaysBalances());
      if (lastDays.getOrDefault(m.account(), 0) == m.date()) {
        balances.add(m.balance());
      }
      expected.put(
          m.account(),
          new Expected(before.sum().add(m.signedAmount()), before.movements() + 1, balances));
    }
    return expected;
  }
}
