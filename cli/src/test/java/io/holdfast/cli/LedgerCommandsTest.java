package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerCommandsTest {
  @TempDir private Path directory = Path.of("");

  private ServedLedger served = new ServedLedger();

  @BeforeEach
  void open() {
    create("1");
    create("2");
  }

  @AfterEach
  void close() {
    served.close();
  }

  @Test
  void a_payment_moves_money_once_however_often_it_is_repeated() {
    String[] pay = {
      "transfer",
      "create",
      "--id",
      "7",
      "--debit",
      "1",
      "--credit",
      "2",
      "--amount",
      "12.50",
      "--scale",
      "2",
      "--ledger",
      "840",
      "--code",
      "10",
      "--details",
      "rent"
    };
    assertThat(run(pay).out()).startsWith("transfer 7 created at ");
    assertThat(run(pay).out()).startsWith("transfer 7 exists already, equal, since ");
    assertThat(run("account", "show", "2", "--scale", "2").out())
        .contains("balance          12.50  (credits minus debits, posted)");
    assertThat(run("transfer", "show", "7", "--scale", "2").out())
        .contains("amount          12.50", "details         rent");
    assertThat(run("account", "show", "1", "--transfers", "5").out()).contains("debit", "1,250");
  }

  @Test
  void a_pending_payment_is_posted_in_part_or_voided() {
    pay("70", "100", "--pending", "--timeout", "60");
    assertThat(run("account", "show", "2").out()).contains("credits pending  100");
    assertThat(run("transfer", "post", "70", "--amount", "40", "--id", "71").code()).isZero();
    assertThat(run("account", "show", "2").out())
        .contains("credits posted   40", "credits pending  0");
    Terminal.Ran late = run("transfer", "void", "70", "--id", "72");
    assertThat(late.code()).isEqualTo(ExitCodes.REFUSED);
    assertThat(late.err())
        .contains("pending transfer already posted (pending_transfer_already_posted)");
    pay("80", "5", "--pending");
    assertThat(run("transfer", "void", "80").code()).isZero();
  }

  @Test
  void a_refusal_has_its_own_exit_code_the_status_in_words_and_a_hint() throws IOException {
    Terminal.Ran ran = pay("9", "5", "--credit", "99");
    assertThat(ran.code()).isEqualTo(ExitCodes.REFUSED);
    assertThat(ran.err())
        .contains(
            """
            error: transfer 9 was refused: credit account not found (credit_account_not_found)
            hint:  create the account first; this id stays failed, so use a new one then
            code:  event-refused
            """);
    create("99");
    Terminal.Ran again = pay("9", "5", "--credit", "99");
    assertThat(again.err())
        .contains("it failed first with: credit account not found (credit_account_not_found)");
    JsonNode error =
        new ObjectMapper().readTree(pay("9", "5", "--credit", "99", "--json").err()).path("error");
    assertThat(error.path("code").asText()).isEqualTo("event-refused");
  }

  @Test
  void json_has_the_names_of_the_api() throws IOException {
    ObjectMapper json = new ObjectMapper();
    JsonNode made = json.readTree(pay("11", "5", "--json").out());
    assertThat(made.path("id").asText()).isEqualTo("11");
    assertThat(made.path("status").asText()).isEqualTo("created");
    assertThat(made.path("op").asLong()).isPositive();
    JsonNode account = json.readTree(run("account", "show", "2", "--json").out()).path("account");
    assertThat(account.path("credits_posted").asText()).isEqualTo("5");
    JsonNode list = json.readTree(run("account", "list", "--json").out()).path("accounts");
    assertThat(list).hasSize(2);
    assertThat(json.readTree(run("transfer", "show", "11", "--json").out()).path("amount").asText())
        .isEqualTo("5");
    assertThat(json.readTree(run("status", "--json").out()).path("transfers").asLong())
        .isEqualTo(1);
  }

  @Test
  void lists_filter_and_say_when_there_is_more() {
    assertThat(run("account", "list", "--ledger", "1").out().lines()).hasSize(1);
    Terminal.Ran one = run("account", "list", "--limit", "1");
    assertThat(one.out().lines()).hasSize(2);
    assertThat(one.err()).isEqualTo("there are more; raise --limit or give --all\n");
  }

  @Test
  void status_shows_the_node_and_what_it_did() {
    pay("12", "5");
    Terminal.Ran ran = run("status");
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("leader n1", "transfers     1", "100.000 % of payment requests");
  }

  @Test
  void what_does_not_exist_is_told() {
    assertThat(run("account", "show", "1234").err()).contains("there is no account 1234");
    assertThat(run("transfer", "show", "1234").err()).contains("there is no transfer 1234");
  }

  @Test
  void amounts_and_flags_are_refused_before_anything_is_sent() {
    assertThat(pay("13", "12.50").err())
        .contains(
            "--amount: the amount '12.50' has 2 decimals, allowed are 0",
            "hint:  without --scale amounts are whole minor units; for 12.50 add --scale 2");
    assertThat(pay("13", "1", "--timeout", "5").err())
        .contains("--timeout is 5, but only a pending transfer has a timeout", "add --pending");
    assertThat(pay("13", "1", "--flags", "pendig").err()).contains("did you mean 'pending'?");
    assertThat(pay("zz", "1").err())
        .contains("--id is 'zz'; allowed: a decimal number below 2^128 or 32 hex digits");
  }

  @Test
  void an_unknown_outcome_says_how_to_repeat_it_with_the_same_id() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Terminal.Ran ran =
          new Terminal(
                  directory,
                  Map.of("HOLDFAST_GATEWAYS", "http://127.0.0.1:" + silent.getLocalPort()),
                  false)
              .run(
                  "transfer",
                  "create",
                  "--debit",
                  "1",
                  "--credit",
                  "2",
                  "--amount",
                  "5",
                  "--ledger",
                  "840",
                  "--code",
                  "10",
                  "--deadline",
                  "1",
                  "--details",
                  "it's late");
      assertThat(ran.code()).isEqualTo(ExitCodes.OUTCOME_UNKNOWN);
      assertThat(ran.err())
          .containsPattern(
              "hint:  repeat with the same id ([0-9a-f]{32}): holdfast transfer create --debit 1"
                  + " --credit 2 --amount 5 --ledger 840 --code 10 --deadline 1 --details"
                  + " 'it'\\\\''s late' --id \\1\n");
    }
  }

  private void create(String id) {
    Terminal.Ran ran = run("account", "create", "--id", id, "--ledger", "840", "--code", "1");
    assertThat(ran.code()).as(ran.err()).isZero();
  }

  private Terminal.Ran pay(String id, String amount, String... more) {
    String[] usual = {
      "transfer",
      "create",
      "--id",
      id,
      "--debit",
      "1",
      "--amount",
      amount,
      "--ledger",
      "840",
      "--code",
      "10"
    };
    boolean credited = more.length > 0 && more[0].equals("--credit");
    String[] credit = credited ? new String[0] : new String[] {"--credit", "2"};
    String[] all = new String[usual.length + credit.length + more.length];
    System.arraycopy(usual, 0, all, 0, usual.length);
    System.arraycopy(credit, 0, all, usual.length, credit.length);
    System.arraycopy(more, 0, all, usual.length + credit.length, more.length);
    return run(all);
  }

  private Terminal.Ran run(String... args) {
    return new Terminal(directory, Map.of("HOLDFAST_GATEWAYS", served.address()), false).run(args);
  }
}
