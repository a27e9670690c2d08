package io.holdfast.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Writes a small file of the shape of the Berka data set, with right balances. */
final class BerkaFile {
  static final String HEADER =
      "\"trans_id\";\"account_id\";\"date\";\"type\";\"operation\";\"amount\";\"balance\";"
          + "\"k_symbol\";\"bank\";\"account\"";
  private static final String[] BANKS = {"AB", "CD", "EF"};

  private BerkaFile() {}

  static Path write(Path file, int rows, int accounts, long seed) {
    Random random = new Random(seed);
    long[] balances = new long[accounts];
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.ISO_8859_1)) {
      out.write(HEADER + "\n");
      for (int i = 0; i < rows; i++) {
        int account = random.nextInt(accounts);
        boolean credit = balances[account] < 100_000 || random.nextBoolean();
        long amount = 100L * (1 + random.nextInt(900));
        balances[account] += credit ? amount : -amount;
        out.write(
            "%d;%d;9301%02d;\"%s\";%s;%d.%02d;%d.%02d;%s\n"
                .formatted(
                    1_000 + i,
                    account + 1,
                    1 + i * 28 / rows,
                    credit ? "PRIJEM" : "VYDAJ",
                    operation(random, credit),
                    amount / 100,
                    amount % 100,
                    balances[account] / 100,
                    balances[account] % 100,
                    rest(random)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private static String operation(Random random, boolean credit) {
    return switch (random.nextInt(3)) {
      case 0 -> credit ? "\"VKLAD\"" : "\"VYBER\"";
      case 1 -> credit ? "\"PREVOD Z UCTU\"" : "\"PREVOD NA UCET\"";
      default -> credit ? "\"VKLAD\"" : "\"VYBER KARTOU\"";
    };
  }

  private static String rest(Random random) {
    return "\"\";\"" + BANKS[random.nextInt(BANKS.length)] + "\";" + random.nextInt(100_000);
  }
}
