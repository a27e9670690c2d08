package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that ask for the past, against a real ledger behind a real gateway. */
class HistoryCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory = Path.of("");

  private ServedLedger served = new ServedLedger();
  private String address = served.address();

  /** 5 to account 2, 700 back, 40 reserved of which 15 are posted, 60 reserved and left open. */
  @BeforeEach
  void some_history() {
    for (String id : List.of("1", "2")) {
      done("account", "create", "--id", id, "--ledger", "840", "--code", "1");
    }
    pay("100", "1", "2", "500", "--user-data-64", "9");
    pay("101", "2", "1", "70000", "--code", "11");
    pay("102", "1", "2", "4000", "--pending");
    done("transfer", "post", "102", "--id", "103", "--amount", "1500");
    pay("104", "1", "2", "6000", "--pending", "--timeout", "3600");
  }

  @AfterEach
  void close() {
    served.close();
  }

  private void pay(String id, String debit, String credit, String amount, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "transfer",
                "create",
                "--id",
                id,
                "--debit",
                debit,
                "--credit",
                credit,
                "--amount",
                amount,
                "--ledger",
                "840"));
    words.addAll(List.of(more));
    if (!words.contains("--code")) {
      words.addAll(List.of("--code", "10"));
    }
    done(words.toArray(String[]::new));
  }

  private Terminal.Ran run(String... words) {
    return new Terminal(directory, Map.of("HOLDFAST_GATEWAYS", address), false).run(words);
  }

  private Terminal.Ran done(String... words) {
    Terminal.Ran ran = run(words);
    assertThat(ran.code()).as(ran.err()).isZero();
    return ran;
  }

  private JsonNode json(String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--json");
    return JSON.readTree(done(all.toArray(String[]::new)).out());
  }

  private static List<String> column(JsonNode rows, String pointer) {
    List<String> values = new ArrayList<>();
    rows.forEach(row -> values.add(row.at(pointer).asText()));
    return values;
  }

  @Test
  void a_history_has_a_line_for_each_movement_with_the_balance_after_it() {
    List<String> lines =
        done("account", "history", "1", "--scale", "2", "--oldest-first").out().lines().toList();

    assertThat(lines.getFirst())
        .matches("time +transfer  side    other account  amount  kind     balance");
    assertThat(lines.stream().skip(1).map(line -> line.replaceAll(" +", " ").substring(31)))
        .containsExactly(
            "100 debit 2 5.00 payment -5.00",
            "101 credit 2 700.00 payment 695.00",
            "102 debit 2 40.00 pending 695.00",
            "103 debit 2 15.00 post 680.00",
            "104 debit 2 60.00 pending 680.00");
    assertThat(lines.stream().map(line -> line.indexOf("debit")).filter(at -> at >= 0).distinct())
        .as("columns align")
        .hasSize(1);
  }

  @Test
  void a_history_is_filtered_and_paged() throws IOException {
    assertThat(history("--side", "credit")).containsExactly("101");
    assertThat(history("--code", "11")).containsExactly("101");
    assertThat(history("--user-data-64", "9")).containsExactly("100");
    assertThat(history("--limit", "2")).containsExactly("104", "103");
    assertThat(history("--all", "--oldest-first"))
        .containsExactly("100", "101", "102", "103", "104");
    String from = json("transfer", "show", "101").path("timestamp").asText();
    String to = json("transfer", "show", "103").path("timestamp").asText();
    assertThat(history("--from", from, "--to", to)).containsExactly("103", "102", "101");
    assertThat(history("--to", "2020-01-01")).isEmpty();
    assertThat(history("--from", "2020-01-01")).hasSize(5);
    assertThat(run("account", "history", "1", "--limit", "2").err())
        .isEqualTo("there are more; raise --limit or give --all\n");
  }

  private List<String> history(String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of("account", "history", "1"));
    words.addAll(List.of(options));
    return column(json(words.toArray(String[]::new)).path("history"), "/transfer/id");
  }

  @Test
  void a_history_in_json_has_everything() throws IOException {
    JsonNode history = json("account", "history", "1", "--limit", "2", "--stale-ok");

    assertThat(history.path("account_id").asText()).isEqualTo("1");
    assertThat(history.path("op").asLong()).isPositive();
    assertThat(history.has("lag_ops")).isTrue();
    assertThat(history.has("lag_ms")).isTrue();
    assertThat(history.path("next").asText()).matches("[0-9]+");
    JsonNode post = history.path("history").get(1);
    assertThat(post.path("kind").asText()).isEqualTo("post");
    assertThat(post.path("side").asText()).isEqualTo("debit");
    assertThat(post.path("other_account_id").asText()).isEqualTo("2");
    assertThat(post.at("/balance/debits_posted").asText()).isEqualTo("2000");
    assertThat(post.at("/balance/credits_posted").asText()).isEqualTo("70000");
    assertThat(post.at("/transfer/pending_id").asText()).isEqualTo("102");
    assertThat(json("account", "history", "1", "--all").path("next").isNull()).isTrue();
  }

  @Test
  void the_balance_of_an_account_is_shown_as_it_was() throws IOException {
    String second = json("transfer", "show", "101").path("timestamp").asText();
    String before = Long.toString(Long.parseLong(second) - 1);
    assertThat(done("account", "balance", "1", "--at", before, "--scale", "2").out())
        .contains("balance          -5.00  (credits minus debits, posted)", ", transfer 100");
    assertThat(done("account", "balance", "1", "--at", second, "--scale", "2").out())
        .contains("balance          695.00", ", transfer 101");
    assertThat(done("account", "balance", "1", "--scale", "2").out())
        .contains("balance          680.00", "debits pending   60.00", ", transfer 104")
        .doesNotContain("at  ");
    JsonNode past = json("account", "balance", "1", "--at", second);
    assertThat(past.path("at").asText()).isEqualTo(second);
    assertThat(past.at("/balance/credits_posted").asText()).isEqualTo("70000");
    assertThat(past.at("/balance/transfer_id").asText()).isEqualTo("101");
    String opened = json("account", "show", "1").at("/account/timestamp").asText();
    assertThat(done("account", "balance", "1", "--at", opened).out())
        .contains("balance          0  ", "last movement    -");
    assertThat(done("account", "balance", "1", "--stale-ok").err())
        .matches("read after op [0-9,]+, which may be behind by 0 ops and 0 ms\n");
  }

  @Test
  void an_account_is_shown_with_its_open_reservations() throws IOException {
    String out = done("account", "balance", "1", "--holds", "--scale", "2").out();
    assertThat(out).contains("debits pending   60.00");
    assertThat(out.lines().toList().getLast())
        .containsPattern("104 +debit +2 +60.00 +10  20[0-9-]+T");
    JsonNode holds = json("account", "balance", "1", "--holds");
    assertThat(column(holds.path("holds"), "/id")).containsExactly("104");
    assertThat(holds.at("/account/debits_pending").asText()).isEqualTo("6000");
    assertThat(holds.path("next").isNull()).isTrue();
    pay("105", "1", "2", "1", "--pending");
    assertThat(
            column(json("account", "balance", "1", "--holds", "--limit", "1").path("holds"), "/id"))
        .containsExactly("105");
    done("transfer", "void", "104");
    done("transfer", "void", "105");
    assertThat(done("account", "balance", "1", "--holds").out()).contains("no open reservations");
  }

  @Test
  void all_transfers_are_listed_by_filter() throws IOException {
    List<String> lines = done("transfer", "list", "--scale", "2").out().lines().toList();
    assertThat(lines.getFirst())
        .matches("created +transfer  debit account  credit account  amount  code  flags");
    assertThat(lines.get(2)).contains("103", "15.00", "post_pending_transfer");
    assertThat(listed("--code", "11")).containsExactly("101");
    assertThat(listed("--ledger", "1")).isEmpty();
    assertThat(listed("--user-data-64", "9", "--ledger", "840")).containsExactly("100");
    assertThat(listed("--oldest-first", "--limit", "2")).containsExactly("100", "101");
    assertThat(listed("--all")).containsExactly("104", "103", "102", "101", "100");
    assertThat(listed("--from", "2020-01-01", "--to", "2020-12-31")).isEmpty();
  }

  private List<String> listed(String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of("transfer", "list"));
    words.addAll(List.of(options));
    return column(json(words.toArray(String[]::new)).path("transfers"), "/id");
  }

  @Test
  void accounts_are_listed_by_when_they_were_opened() throws IOException {
    assertThat(column(json("account", "list", "--newest-first").path("accounts"), "/id"))
        .containsExactly("2", "1");
    String second = json("account", "show", "2").at("/account/timestamp").asText();
    assertThat(column(json("account", "list", "--from", second).path("accounts"), "/id"))
        .containsExactly("2");
    assertThat(json("account", "list", "--to", "2020-01-01").path("accounts")).isEmpty();
    JsonNode first = json("account", "list", "--limit", "1", "--stale-ok");
    assertThat(first.path("next").asText()).matches("[0-9]+");
    assertThat(first.path("op").asLong()).isPositive();
  }

  @Test
  void what_does_not_exist_or_did_not_yet_is_told() {
    assertThat(run("account", "history", "77").err()).contains("there is no account 77");
    assertThat(run("account", "balance", "77").err()).contains("there is no account 77");
    assertThat(run("account", "balance", "77", "--holds").err()).contains("there is no account 77");
    Terminal.Ran before = run("account", "balance", "1", "--at", "2020-01-01");
    assertThat(before.code()).isEqualTo(ExitCodes.FAILED);
    assertThat(before.err())
        .contains(
            "account 1 was not open at 2020-01-01T23:59:59.999999999Z",
            "hint:  see when it was opened with: holdfast account show 1",
            "code:  not-found");
  }

  @ParameterizedTest
  @CsvSource({
    "2200-01-01, 7258204799999999999 (2200-01-01T23:59:59.999999999Z)",
    "2200-01-01T00:00:00Z, 7258118400000000000 (2200-01-01T00:00:00Z)",
    "9223372036854775807, 9223372036854775806 (2262-04-11T23:47:16.854775806Z)",
  })
  void balances_of_a_time_to_come_are_not_told(String at, String read) {
    for (String account : List.of("1", "77")) {
      Terminal.Ran ran = run("account", "balance", account, "--at", at);
      assertThat(ran.code()).isEqualTo(ExitCodes.USAGE);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err())
          .contains(
              "error: --at is " + read + ", a time to come; allowed: up to the site's time now, ",
              "hint:  leave --at out for the balances now",
              "code:  time-to-come");
    }
    assertThat(done("account", "history", "1", "--to", at).out())
        .as("a bound may lie ahead")
        .isEqualTo(done("account", "history", "1").out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          account history 1 --from noon              | --from is 'noon'; allowed: an instant such as
          account history 1 --from 2026-02-02 --to 2026-02-01 | --to is '2026-02-01'; allowed: a time that is not before --from 2026-02-02
          account history 1 --side left              | --side is 'left'; allowed: debit, credit
          account history 1 --code 70000             | --code is '70000'; allowed: a whole number from 0 to 65535
          account history 1 --user-data-64 x         | --user-data-64 is 'x'; allowed: a whole number
          account history 1 --limit 0                | --limit is '0'; allowed: 1 to 1000000
          account history 1 --limit 5 --all          | --limit and --all exclude each other
          account history 1 --oldest-first --newest-first | --newest-first and --oldest-first exclude each other
          account history x                          | ID is 'x'; allowed: a decimal number below 2^128 or 32 hex digits
          account balance 1 --at 2026-1-1            | --at is '2026-1-1'; allowed: an instant such as
          account balance 1 --at 5 --holds           | --holds and --at exclude each other
          account balance 1 --limit 5                | --limit and --all are for reservations
          transfer list --ledger x                   | --ledger is 'x'; allowed: a whole number from 0 to 4294967295
          account list --to 2300-01-01               | --to is '2300-01-01'; allowed: an instant such as
          """)
  void options_are_refused_by_name_before_anybody_is_asked(String line, String message) {
    address = "http://127.0.0.1:1"; // nobody is there
    Terminal.Ran ran = run(line.strip().split(" +"));

    assertThat(ran.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(ran.err()).contains(message);
  }
}
