package io.holdfast.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.LedgerAccess.Answer;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFlags;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.ledger.TransferStatus;
import io.holdfast.ledger.TransferWithDetails;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCodecTest {
  private static final UInt128 BIG = new UInt128(-2, -3);
  private static final Account ACCOUNT =
      new Account(
          BIG,
          UInt128.MAX,
          UInt128.of(2),
          UInt128.of(3),
          UInt128.of(4),
          BIG,
          -1,
          -1,
          0,
          -1,
          0xFFFF,
          AccountFlags.KNOWN,
          1_700_000_000_000_000_001L);
  private static final Transfer TRANSFER =
      new Transfer(
          UInt128.of(7),
          BIG,
          UInt128.of(9),
          UInt128.MAX,
          BIG,
          BIG,
          -1,
          -1,
          -1,
          -1,
          0xFFFF,
          TransferFlags.KNOWN,
          1_700_000_000_000_000_002L);

  @Test
  void an_account_is_read_back_as_it_was_written() {
    Answer<List<Account>> answer = new Answer<>(List.of(ACCOUNT, ACCOUNT), 12, 3, 4);
    assertThat(JsonReader.accounts(JsonAnswers.accounts(answer))).isEqualTo(answer);
  }

  @Test
  void a_transfer_and_its_details_are_read_back_as_they_were_written() {
    byte[] details = {0, 1, -1, 127};
    Answer<List<TransferWithDetails>> read =
        JsonReader.transfers(
            JsonAnswers.transfers(
                new Answer<>(List.of(new TransferWithDetails(TRANSFER, details)), 1, 0, 0)));
    assertThat(read.value().getFirst().transfer()).isEqualTo(TRANSFER);
    assertThat(read.value().getFirst().details()).isEqualTo(details);
  }

  @Test
  void pages_keep_their_continuation() {
    Answer<Page<Account>> accounts = new Answer<>(new Page<>(List.of(ACCOUNT), 55), 1, 0, 0);
    assertThat(JsonReader.accountsPage(JsonAnswers.accountsPage(accounts))).isEqualTo(accounts);
    Answer<Page<Transfer>> last = new Answer<>(new Page<>(List.of(TRANSFER), 0), 1, 0, 0);
    byte[] json = JsonAnswers.transfersPage(last);
    assertThat(new String(json, UTF_8)).contains("\"next\":null").doesNotContain("details");
    assertThat(JsonReader.transfersPage(json).value().next()).isZero();
  }

  @Test
  void balances_are_read_back_as_they_were_written() {
    Balance balance =
        new Balance(5, BIG, true, UInt128.MAX, UInt128.of(1), UInt128.of(2), UInt128.of(3));
    Answer<Page<Balance>> answer = new Answer<>(new Page<>(List.of(balance), 0), 9, 0, 0);
    assertThat(JsonReader.balancesPage(JsonAnswers.balancesPage(answer))).isEqualTo(answer);
  }

  @Test
  void a_status_is_read_back_as_it_was_written() {
    SiteStatus status =
        new SiteStatus(
            "0".repeat(32),
            "main",
            "n1",
            "0.1",
            null,
            3,
            4,
            5,
            6,
            List.of(new SiteStatus.Member("n1", "127.0.0.1:7401", "leader", 4, 0, -12, 0)),
            List.of("the clock of n2 is 1 h ahead"));
    assertThat(JsonReader.status(JsonAnswers.status(status))).isEqualTo(status);
  }

  @Test
  void integers_beyond_32_bits_are_strings_and_flags_are_names() {
    String json = new String(JsonAnswers.account(ACCOUNT), UTF_8);
    assertThat(json)
        .contains("\"id\":\"fffffffffffffffefffffffffffffffd\"")
        .contains("\"debits_pending\":\"340282366920938463463374607431768211455\"")
        .contains("\"user_data_64\":\"18446744073709551615\"")
        .contains("\"user_data_32\":4294967295")
        .contains("\"code\":65535")
        .contains("\"flags\":[\"linked\",\"debits_must_not_exceed_credits\"")
        .contains("\"timestamp\":\"1700000000000000001\"");
  }

  @Test
  void every_known_flag_has_a_name() {
    assertThat(1 << FlagNames.ACCOUNT.all().size()).isEqualTo(AccountFlags.KNOWN + 1);
    assertThat(1 << FlagNames.TRANSFER.all().size()).isEqualTo(TransferFlags.KNOWN + 1);
    assertThat(FlagNames.TRANSFER.bit("void_pending_transfer"))
        .isEqualTo(TransferFlags.VOID_PENDING_TRANSFER);
    assertThat(FlagNames.ACCOUNT.bit("closed")).isEqualTo(AccountFlags.CLOSED);
    assertThat(FlagNames.ACCOUNT.bit("pending")).isZero();
  }

  @Test
  void results_name_the_ids_the_statuses_and_the_original_status() {
    Request request = Request.ofTransfers(List.of(TRANSFER, TRANSFER));
    byte[] results = new byte[32];
    MemorySegment segment = MemorySegment.ofArray(results);
    segment.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 77);
    segment.set(ValueLayout.JAVA_INT_UNALIGNED, 8, TransferStatus.CREATED.code());
    segment.set(ValueLayout.JAVA_INT_UNALIGNED, 24, TransferStatus.ID_ALREADY_FAILED.code());
    segment.set(ValueLayout.JAVA_INT_UNALIGNED, 28, TransferStatus.EXCEEDS_CREDITS.code());
    assertThat(new String(JsonAnswers.results(request, new Reply(5, results)), UTF_8))
        .isEqualTo(
            "{\"op\":5,\"results\":[{\"id\":\"7\",\"status\":\"created\",\"timestamp\":\"77\"},"
                + "{\"id\":\"7\",\"status\":\"id_already_failed\",\"timestamp\":\"0\","
                + "\"original_status\":\"exceeds_credits\"}]}");
  }

  @Test
  void fields_that_a_newer_gateway_adds_are_passed_over() {
    byte[] json =
        "{\"new\":{\"a\":[1]},\"accounts\":[{\"id\":\"1\",\"x\":[{}],\"code\":\"3\"}],\"op\":\"4\"}"
            .getBytes(UTF_8);
    Answer<List<Account>> answer = JsonReader.accounts(json);
    assertThat(answer.op()).isEqualTo(4);
    assertThat(answer.value().getFirst().code()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "<html>",
        "{\"op\":1}",
        "{\"accounts\":{}}",
        "{\"accounts\":[1]}",
        "{\"accounts\":[{\"id\":\"x\"}]}",
        "{\"accounts\":[{\"id\":{}}]}",
        "{\"accounts\":[{\"flags\":3}]}",
        "{\"accounts\":[{\"flags\":[3]}]}",
        "{\"accounts\":[{\"user_data_32\":4294967296}]}",
        "{\"accounts\":[{\"user_data_64\":\"-1\"}]}",
        "{\"accounts\":[]",
        "{\"accounts\":[]}}"
      })
  void what_is_no_answer_is_refused(String json) {
    assertThatThrownBy(() -> JsonReader.accounts(json.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("malformed-answer"));
  }

  @Test
  void a_problem_is_told_from_a_proxys_page() {
    assertThat(JsonReader.problem("<html>Bad gateway</html>".getBytes(UTF_8))).isNull();
    assertThat(JsonReader.problem("{\"error\":\"x\"}".getBytes(UTF_8))).isNull();
    assertThat(
            JsonReader.problem(
                "{\"status\":503,\"code\":\"no-leader\",\"detail\":\"d\",\"hint\":\"h\"}"
                    .getBytes(UTF_8)))
        .isEqualTo(new Problem("no-leader", "d", "h"));
  }
}
