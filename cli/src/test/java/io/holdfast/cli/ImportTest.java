package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportTest {
  private static final Path MAPPING =
      Path.of("../examples/berka/mapping.yaml").toAbsolutePath().normalize();
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory = Path.of("");

  private final ServedLedger served = new ServedLedger();

  @AfterEach
  void close() {
    served.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--imported"})
  void every_row_is_created_once_and_repeating_changes_nothing(String imported) throws IOException {
    Path file = BerkaFile.write(directory.resolve("trans.asc"), 2_000, 50, 1);
    JsonNode first = json(run(file, "--json", "--batch", "300", imported));
    assertThat(first.path("rows").asLong()).isEqualTo(2_000);
    assertThat(first.path("transfers").path("created").asLong()).isEqualTo(2_000);
    assertThat(first.path("balances").path("checked").asLong()).isEqualTo(50);
    assertThat(first.path("balances").path("differing")).isEmpty();
    JsonNode again = json(run(file, "--json", imported));
    assertThat(again.path("transfers").path("created").asLong()).isZero();
    assertThat(again.path("transfers").path("existing").asLong()).isEqualTo(2_000);
    assertThat(again.path("sums").get(0).path("existing"))
        .isEqualTo(first.path("sums").get(0).path("created"));
  }

  @Test
  void original_dates_become_the_ledgers_timestamps() throws IOException {
    Path file = file("1;1;930105;\"PRIJEM\";\"VKLAD\";700.00;700.00;\"\";;");
    assertThat(run(file, "--imported").code()).isZero();
    JsonNode accounts = JSON.readTree(holdfast("account", "list", "--json").out());
    assertThat(accounts.path("accounts").get(0).path("timestamp").asText())
        .isEqualTo("726192000000000000"); // 1993-01-05T00:00:00Z
    assertThat(accounts.path("accounts").get(0).path("flags").get(0).asText())
        .isEqualTo("imported");
  }

  @Test
  void rows_added_to_the_file_are_all_that_a_repeated_import_creates() throws IOException {
    Path file = file("1;1;930105;\"PRIJEM\";\"VKLAD\";700.00;700.00;\"\";;");
    run(file, "--imported");
    Files.writeString(
        file, "2;2;930106;\"PRIJEM\";\"VKLAD\";1.00;1.00;\"\";;\n", StandardOpenOption.APPEND);
    JsonNode again = json(run(file, "--imported", "--json"));
    assertThat(again.path("transfers").path("created").asLong()).isEqualTo(1);
    assertThat(again.path("transfers").path("existing").asLong()).isEqualTo(1);
    assertThat(again.path("accounts").path("created").asLong()).isEqualTo(1);
  }

  @Test
  void after_a_live_payment_original_dates_are_refused_before_anything_is_sent()
      throws IOException {
    Path file = file("1;1;930105;\"PRIJEM\";\"VKLAD\";700.00;700.00;\"\";;");
    holdfast("account", "create", "--id", "1", "--ledger", "203", "--code", "1");
    Terminal.Ran ran = run(file, "--imported");
    assertThat(ran.code()).isEqualTo(ExitCodes.FAILED);
    assertThat(ran.err())
        .contains(
            "younger than the file's first movement (1993-01-05)",
            "leave --imported away",
            "code:  import-too-late");
    JsonNode status = JSON.readTree(holdfast("status", "--json").out());
    assertThat(status.path("accounts").asLong()).isEqualTo(1);
    assertThat(run(file).code()).isZero();
  }

  @Test
  void rejected_rows_are_listed_with_line_and_reason_and_the_rest_is_imported() throws IOException {
    Path file =
        file(
            "1;1;930105;\"PRIJEM\";\"VKLAD\";700.00;700.00;\"\";;",
            "2;1;930105;\"PRIJEM\";\"VKLAD\";700.005;700.00;\"\";;",
            "3;1;930105;\"ODDLY\";\"VKLAD\";700.00;700.00;\"\";;",
            "4;1;930105;\"PRIJEM;\"VKLAD\";700.00;700.00;\"\";;",
            "5;1;930105;\"PRIJEM\"",
            "6;1;930199;\"PRIJEM\";\"VKLAD\";700.00;700.00;\"\";;",
            ";1;930105;\"PRIJEM\";\"VKLAD\";700.00;700.00;\"\";;",
            "1;1;930105;\"PRIJEM\";\"VKLAD\";1.00;700.00;\"\";;",
            "8;1;930105;\"VYDAJ\";\"VYBER\";100.00;600.00;\"\";;");
    Terminal.Ran ran = run(file);
    assertThat(ran.code()).isEqualTo(ExitCodes.ROWS_REJECTED);
    assertThat(ran.out())
        .containsPattern("transfers +2 +0 +7 +9")
        .contains("balances agree with the file's for all 1 accounts");
    assertThat(ran.err()).contains("error: 7 of 9 rows were rejected");
    List<String> rejected = Files.readAllLines(file.resolveSibling("trans.asc.rejected.csv"));
    assertThat(rejected).first().isEqualTo("line,code,reason,row");
    assertThat(String.join("\n", rejected))
        .contains("3,too-many-decimals,\"column 'amount': the amount '700.005' has 3 decimals")
        .contains("4,no-side,\"column 'type' is 'ODDLY'; it credits for: PRIJEM;")
        .contains("5,bad-quoting,a closing quote is followed by text,")
        .contains("6,wrong-columns,4 columns where the header has 10,")
        .contains("7,malformed-date,'930199' is no date of the pattern 'yyMMdd',")
        .contains("8,missing-id,column 'trans_id' is empty; the id comes from it,")
        .contains("9,exists_with_different_amount,the ledger refused it:");
    assertThat(rejected.get(1))
        .endsWith("\"2;1;930105;\"\"PRIJEM\"\";\"\"VKLAD\"\";700.005;700.00;\"\"\"\";;\"");
  }

  @Test
  void a_dry_run_sends_nothing_and_needs_no_ledger() {
    Path file = BerkaFile.write(directory.resolve("trans.asc"), 100, 5, 2);
    Terminal.Ran ran =
        Terminal.in(directory)
            .run("import", file.toString(), "--mapping", MAPPING.toString(), "--dry-run");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains("to create", "nothing was sent: this was a dry run")
        .contains("balances agree with the file's for all 5 accounts");
  }

  @Test
  void a_balance_that_the_file_states_otherwise_is_reported() throws IOException {
    Path file =
        file(
            "1;1;930105;\"PRIJEM\";\"VKLAD\";700.00;700.10;\"\";;",
            "2;2;930105;\"PRIJEM\";\"VKLAD\";700.00;700.11;\"\";;");
    Terminal.Ran ran = run(file);
    assertThat(ran.code()).isEqualTo(ExitCodes.NOT_PROVED);
    assertThat(ran.out())
        .contains("balances differ from the file's for 1 of 2 accounts")
        .containsPattern(" 3 +700.11 +700.00 +0.10");
  }

  @Test
  void balances_of_the_files_last_day_count_even_after_live_payments() throws IOException {
    Path file = BerkaFile.write(directory.resolve("trans.asc"), 200, 3, 3);
    assertThat(run(file, "--imported").code()).isZero();
    JsonNode accounts = JSON.readTree(holdfast("account", "list", "--json").out()).path("accounts");
    String one = accounts.get(0).path("id").asText();
    String other = accounts.get(1).path("id").asText();
    holdfast(
        "transfer",
        "create",
        "--debit",
        one,
        "--credit",
        other,
        "--amount",
        "99999",
        "--ledger",
        "203",
        "--code",
        "1");
    assertThat(run(file, "--imported").code()).isZero();
  }

  @Test
  void keeping_dates_needs_to_know_them() throws IOException {
    Path mapping = directory.resolve("m.yaml");
    Files.writeString(mapping, Files.readString(MAPPING).replaceAll("(?m)^  date: .*\n", ""));
    Path file = BerkaFile.write(directory.resolve("trans.asc"), 10, 2, 4);
    Terminal.Ran ran =
        holdfast("import", file.toString(), "--mapping", mapping.toString(), "--imported");
    assertThat(ran.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(ran.err()).contains("has no transfer.date", "code:  no-dates");
  }

  @Test
  void signs_two_columns_and_currencies_by_column_are_read_too() throws IOException {
    Path mapping =
        Files.writeString(
            directory.resolve("m.yaml"),
            """
            namespace: shop
            currency: {column: ccy}
            currencies:
              EUR: {ledger: 978, scale: 2}
              JPY: {ledger: 392, scale: 0}
            account:
              id: {columns: [account, ccy]}
              code: 1
              user-data-128: {column: account, hash: true}
            counter-accounts:
              - name: "category {category}"
                code: {column: category, values: {food: 10}, otherwise: 20}
                transfer-code: 5
            transfer:
              id: {column: id, as: number}
              amount: {column: amount, decimal-mark: ",", grouping: "."}
            """);
    Path file =
        Files.writeString(
            directory.resolve("shop.csv"),
            """
            id,account,ccy,category,amount
            1,A,EUR,food,"-1.012,50"
            2,A,JPY,food,500
            3,A,EUR,fun,"3,00"
            4,A,USD,fun,1
            5,A,JPY,fun,"1,5"
            """);
    JsonNode report =
        json(holdfast("import", file.toString(), "--mapping", mapping.toString(), "--json"));
    assertThat(report.path("transfers").path("created").asLong()).isEqualTo(3);
    assertThat(report.path("rejections").path("unknown-currency").asLong()).isEqualTo(1);
    assertThat(report.path("rejections").path("too-many-decimals").asLong()).isEqualTo(1);
    assertThat(report.path("accounts").path("created").asLong()).isEqualTo(5);
    assertThat(report.path("sums").get(0).path("debited").asText()).isEqualTo("101250");
    assertThat(report.path("sums").get(1).path("credited").asText()).isEqualTo("500");
  }

  @Test
  void the_real_movements_are_imported_and_every_balance_agrees() throws IOException {
    String data = System.getProperty("holdfast.shared.data", "");
    Path file =
        data.isEmpty()
            ? BerkaFile.write(directory.resolve("trans.asc"), 30_000, 1_146, 5)
            : Path.of(data, "berka", "trans.asc");
    JsonNode report =
        json(
            run(
                file,
                "--imported",
                "--json",
                "--rejected",
                directory.resolve("rejected.csv").toString()));
    assertThat(report.path("transfers").path("created").asLong()).isEqualTo(30_000);
    assertThat(report.path("balances").path("checked").asLong()).isEqualTo(1_146);
    assertThat(report.path("balances").path("differing")).isEmpty();
  }

  private Path file(String... rows) throws IOException {
    return Files.writeString(
        directory.resolve("trans.asc"),
        BerkaFile.HEADER + "\n" + String.join("\n", rows) + "\n",
        StandardCharsets.ISO_8859_1);
  }

  private Terminal.Ran run(Path file, String... more) {
    List<String> args =
        new java.util.ArrayList<>(
            List.of("import", file.toString(), "--mapping", MAPPING.toString()));
    for (String one : more) {
      if (!one.isEmpty()) {
        args.add(one);
      }
    }
    return holdfast(args.toArray(String[]::new));
  }

  private Terminal.Ran holdfast(String... args) {
    return new Terminal(directory, Map.of("HOLDFAST_GATEWAYS", served.address()), false).run(args);
  }

  private static JsonNode json(Terminal.Ran ran) throws IOException {
    assertThat(ran.out()).as(ran.err()).isNotEmpty();
    return JSON.readTree(ran.out());
  }
}
