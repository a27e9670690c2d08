package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.Limits;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.Page;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A year of a bank's movements through the command line: all 30,000 rows of the Berka set where
 * {@code -Dholdfast.shared.data} names the directory that has it, else a small file of its shape.
 */
class BankImportTest {
  private static final Path MAPPING = Path.of("..", "examples", "berka", "mapping.yaml");
  private static final int CUSTOMER_ACCOUNT = 1_000;
  private static final int GENERATED_ROWS = 2_000;

  private final RunningSite site = RunningSite.prepared("import", 3);

  @BeforeEach
  void start() {
    site.startAll();
  }

  @AfterEach
  void killAll() {
    site.close();
  }

  @Test
  void each_account_holds_what_the_bank_says_and_a_second_import_changes_nothing()
      throws Exception {
    BankMovements bank = movements();
    long rows = bank.movements().size();

    JsonNode first = importFile(bank.file());
    assertThat(first.at("/rows").asLong()).isEqualTo(rows);
    assertThat(first.at("/transfers/created").asLong()).isEqualTo(rows);
    assertThat(first.at("/transfers/rejected").asLong()).isZero();
    assertThat(first.at("/balances/differing").size()).isZero();
    balancesAre(bank);

    JsonNode second = importFile(bank.file());
    assertThat(second.at("/transfers/created").asLong()).isZero();
    assertThat(second.at("/transfers/existing").asLong()).isEqualTo(rows);
    balancesAre(bank);
    Printed.line(
        "imported %d rows in %.1f s, again in %.1f s"
            .formatted(
                rows,
                first.path("duration_ms").asDouble() / 1_000,
                second.path("duration_ms").asDouble() / 1_000));
  }

  private BankMovements movements() throws Exception {
    String shared = System.getProperty("holdfast.shared.data", "");
    Path real = Path.of(shared, "berka", "trans.asc");
    if (!shared.isEmpty() && Files.exists(real)) {
      return BankMovements.read(real);
    }
    Path file = site.site().directory().resolve("movements").resolve("trans.asc");
    return BankMovements.generated(file, GENERATED_ROWS, Seeds.next("bank import"));
  }

  private JsonNode importFile(Path file) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("import", file.toAbsolutePath().toString(), "--imported"));
    arguments.addAll(List.of("--mapping", MAPPING.toAbsolutePath().normalize().toString()));
    Path work = site.site().directory().resolve("import");
    arguments.addAll(List.of("--json", "--rejected", work.resolve("rejected.csv").toString()));
    for (URI gateway : site.site().gateways()) {
      arguments.addAll(List.of("--gateway", gateway.toString()));
    }
    HoldfastCommand run = HoldfastCommand.run(work, arguments);
    assertThat(run.exitCode()).as("%s%n%s", run.output(), run.errors()).isZero();
    return new ObjectMapper().readTree(run.output());
  }

  /** Every customer's balance is the exact sum of the file's amounts, and the bank's own figure. */
  private void balancesAre(BankMovements bank) {
    Map<Long, BigDecimal> held = customers();
    Map<Long, BankMovements.Expected> expected = bank.expected();
    assertThat(held.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (account, of) -> {
          assertThat(held.get(account)).as("balance of %d", account).isEqualByComparingTo(of.sum());
          assertThat(of.agreesWithTheFile()).as("balance column of %d", account).isTrue();
        });
  }

  private Map<Long, BigDecimal> customers() {
    Map<Long, BigDecimal> balances = new HashMap<>();
    long after = 0;
    do {
      AccountFilter filter =
          AccountFilter.ofLedger(null, CUSTOMER_ACCOUNT, Limits.PAGE_ROWS_MAX, after);
      Page<Account> page = site.client().accounts(filter, Consistency.LINEARIZABLE).join().value();
      for (Account account : page.rows()) {
        balances.put(
            account.userData64(),
            new BigDecimal(
                account
                    .creditsPosted()
                    .toBigInteger()
                    .subtract(account.debitsPosted().toBigInteger()),
                2));
      }
      after = page.next();
    } while (after != 0);
    return balances;
  }
}
