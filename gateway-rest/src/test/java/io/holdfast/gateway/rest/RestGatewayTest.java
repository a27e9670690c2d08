package io.holdfast.gateway.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.gateway.rest.RunningGateway.Answered;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.AccountFlags;
import io.holdfast.ledger.AccountRecord;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.ledger.TransferRecord;
import io.holdfast.ledger.TransferStatus;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a caller of a healthy gateway sees. */
class RestGatewayTest {
  private final ScriptedLedger ledger = new ScriptedLedger();
  private final RunningGateway running = new RunningGateway(ledger);

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void a_payment_in_json_reaches_the_ledger_field_by_field() throws Exception {
    Answered answered =
        running.postJson(
            "/v1/transfers",
            """
            [{"id":"00112233445566778899aabbccddeeff","debit_account_id":"18446744073709551616",
              "credit_account_id":"2","amount":"340282366920938463463374607431768211455",
              "pending_id":"9","user_data_128":"12345678901234567890123",
              "user_data_64":"18446744073709551615","user_data_32":4294967295,"timeout":60,
              "ledger":978,"code":65535,"flags":["linked","pending"],"timestamp":"7",
              "details":"AQID"},
             {"id":"3"}]
            """);

    assertThat(answered.status()).isEqualTo(200);
    assertThat(answered.text())
        .isEqualTo(
            "{\"op\":1,\"results\":[{\"id\":\"00112233445566778899aabbccddeeff\","
                + "\"status\":\"created\",\"timestamp\":\"1700000000000000000\"},"
                + "{\"id\":\"3\",\"status\":\"created\",\"timestamp\":\"1700000000000000001\"}]}");
    Request request = ledger.submitted.getFirst();
    assertThat(request.kind()).isEqualTo(RequestKind.CREATE_TRANSFERS);
    MemorySegment bytes = MemorySegment.ofArray(request.bytes());
    assertThat(TransferRecord.read(bytes, Request.HEADER_BYTES))
        .isEqualTo(
            new Transfer(
                new UInt128(0x0011223344556677L, 0x8899aabbccddeeffL),
                new UInt128(1, 0),
                UInt128.of(2),
                UInt128.MAX,
                UInt128.of(9),
                UInt128.parseDecimal("12345678901234567890123"),
                -1,
                -1,
                60,
                978,
                65535,
                TransferFlags.LINKED | TransferFlags.PENDING,
                7));
    Transfer second = TransferRecord.read(bytes, Request.HEADER_BYTES + Request.EVENT_BYTES);
    assertThat(second.id()).isEqualTo(UInt128.of(3));
    assertThat(second.amount()).isEqualTo(UInt128.ZERO);
    assertThat(request)
        .usingRecursiveComparison()
        .isEqualTo(
            Request.ofTransfers(
                List.of(TransferRecord.read(bytes, Request.HEADER_BYTES), second),
                List.of(new byte[] {1, 2, 3}, new byte[0])));
  }

  @Test
  void an_account_in_json_reaches_the_ledger_field_by_field() throws Exception {
    Answered answered =
        running.postJson(
            "/v1/accounts",
            """
            [{"id":"1","ledger":978,"code":10,"user_data_64":"5","timestamp":"0",
              "flags":["debits_must_not_exceed_credits","history"]}]
            """);

    assertThat(answered.status()).isEqualTo(200);
    Request request = ledger.submitted.getFirst();
    assertThat(request.kind()).isEqualTo(RequestKind.CREATE_ACCOUNTS);
    var account = AccountRecord.read(MemorySegment.ofArray(request.bytes()), Request.HEADER_BYTES);
    assertThat(account.ledger()).isEqualTo(978);
    assertThat(account.userData64()).isEqualTo(5);
    assertThat(account.flags())
        .isEqualTo(AccountFlags.DEBITS_MUST_NOT_EXCEED_CREDITS | AccountFlags.HISTORY);
  }

  @Test
  void the_original_status_comes_with_an_id_that_failed_before() throws Exception {
    ledger.onSubmit =
        request -> {
          byte[] results = new byte[Reply.RESULT_BYTES];
          MemorySegment segment = MemorySegment.ofArray(results);
          segment.set(ValueLayout.JAVA_INT_UNALIGNED, 8, TransferStatus.ID_ALREADY_FAILED.code());
          segment.set(ValueLayout.JAVA_INT_UNALIGNED, 12, TransferStatus.EXCEEDS_CREDITS.code());
          return CompletableFuture.completedFuture(new Reply(5, results));
        };

    assertThat(running.postJson("/v1/transfers", "[{\"id\":\"1\"}]").text())
        .isEqualTo(
            "{\"op\":5,\"results\":[{\"id\":\"1\",\"status\":\"id_already_failed\","
                + "\"timestamp\":\"0\",\"original_status\":\"exceeds_credits\"}]}");
  }

  @Test
  void a_binary_batch_is_answered_in_kind() throws Exception {
    Request request =
        Request.ofTransfers(
            List.of(Transfer.payment(UInt128.of(4), UInt128.of(1), UInt128.of(2), 5, 1, 1)));

    Answered answered = running.post("/v1/transfers", Answer.BATCH_MEDIA_TYPE, request.bytes());

    assertThat(answered.status()).isEqualTo(200);
    assertThat(answered.header("Content-Type")).isEqualTo(Answer.BATCH_MEDIA_TYPE);
    Reply reply = Reply.parse(answered.response().body());
    assertThat(reply.op()).isEqualTo(1);
    assertThat(reply.transferStatus(0)).isEqualTo(TransferStatus.CREATED);
    assertThat(ledger.submitted.getFirst().bytes()).isEqualTo(request.bytes());
  }

  @Test
  void a_binary_batch_of_the_other_kind_is_refused() throws Exception {
    Request request =
        Request.ofTransfers(
            List.of(Transfer.payment(UInt128.of(4), UInt128.of(1), UInt128.of(2), 5, 1, 1)));

    Answered answered = running.post("/v1/accounts", Answer.BATCH_MEDIA_TYPE, request.bytes());

    assertThat(answered.status()).isEqualTo(422);
    assertThat(answered.code()).isEqualTo("wrong-kind");
    assertThat(ledger.submitted).isEmpty();
  }

  @Test
  void a_pulse_from_outside_is_refused() throws Exception {
    Answered answered =
        running.post("/v1/transfers", Answer.BATCH_MEDIA_TYPE, Request.pulse().bytes());

    assertThat(answered.status()).isEqualTo(400);
    assertThat(answered.code()).isEqualTo("malformed-request");
    assertThat(ledger.submitted).isEmpty();
  }

  @Test
  void the_callers_patience_reaches_the_ledger() throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(running.uri("/v1/transfers"))
            .header("Content-Type", "application/json; charset=UTF-8")
            .header("Holdfast-Timeout-Millis", "1234")
            .POST(BodyPublishers.ofString("[{\"id\":\"1\"}]"));

    assertThat(running.send(request).status()).isEqualTo(200);
    assertThat(ledger.lastDeadline).isEqualTo(Duration.ofMillis(1234));
  }

  @Test
  void look_ups_answer_what_is_there_with_its_freshness() throws Exception {
    Answered accounts =
        running.postJson("/v1/accounts/lookup?consistency=stale-ok", "{\"ids\":[\"1\",\"5000\"]}");

    assertThat(accounts.status()).isEqualTo(200);
    assertThat(accounts.text())
        .startsWith("{\"op\":12,\"lag_ops\":3,\"lag_ms\":250,\"accounts\":[{\"id\":\"1\",");
    assertThat(accounts.json().path("accounts")).hasSize(1);
    assertThat(accounts.json().at("/accounts/0/flags/0").asText())
        .isEqualTo("debits_must_not_exceed_credits");
    assertThat(accounts.header("Holdfast-Op")).isEqualTo("12");
    assertThat(accounts.header("Holdfast-Lag-Ops")).isEqualTo("3");
    assertThat(accounts.header("Holdfast-Lag-Millis")).isEqualTo("250");

    Answered transfers = running.postJson("/v1/transfers/lookup", "{\"ids\":[\"1\"]}");
    assertThat(transfers.json().at("/transfers/0/details").asText()).isEqualTo("AQID");
    assertThat(transfers.json().at("/transfers/0/amount").asText()).isEqualTo("1250");
  }

  @Test
  void a_binary_look_up_answers_the_records_themselves() throws Exception {
    byte[] ids = new byte[32];
    ids[0] = 7;
    ids[17] = 99;

    Answered answered = running.post("/v1/accounts/lookup", Answer.BATCH_MEDIA_TYPE, ids);

    assertThat(answered.status()).isEqualTo(200);
    assertThat(answered.response().body()).hasSize(AccountRecord.BYTES);
    assertThat(AccountRecord.read(MemorySegment.ofArray(answered.response().body()), 0).id())
        .isEqualTo(UInt128.of(7));
    assertThat(answered.header("Holdfast-Op")).isEqualTo("12");
  }

  @Test
  void one_record_has_an_address_of_its_own() throws Exception {
    assertThat(running.get("/v1/accounts/7").json().path("id").asText()).isEqualTo("7");
    assertThat(running.get("/v1/transfers/7").json().path("details").asText()).isEqualTo("AQID");

    Answered missing = running.get("/v1/transfers/5000");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.code()).isEqualTo("not-found");
    assertThat(missing.json().path("detail").asText())
        .isEqualTo("there is no transfer with id 5000");
    assertThat(missing.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(missing.header("Holdfast-Op")).isEqualTo("12");
  }

  @Test
  void pages_carry_filters_in_and_a_continuation_out() throws Exception {
    Answered accounts =
        running.get(
            "/v1/accounts?from=8&to=9&ledger=4294967295&code=10&user_data_128=3&user_data_64=4"
                + "&user_data_32=5&order=newest&limit=50&after=6");
    assertThat(accounts.status()).isEqualTo(200);
    assertThat(accounts.json().path("next").asText()).isEqualTo("99");
    assertThat(ledger.asked.getFirst())
        .isEqualTo(new AccountFilter(8, 9, -1, 10, UInt128.of(3), 4L, 5, true, 50, 6));

    Answered transfers =
        running.get("/v1/accounts/7/transfers?from=1&to=2&side=credit&order=oldest&limit=8189");
    assertThat(transfers.json().path("next").isNull()).isTrue();
    assertThat(transfers.json().at("/transfers/0/debit_account_id").asText()).isEqualTo("7");
    assertThat(ledger.asked.getLast())
        .isEqualTo(
            new HistoryFilter(
                1, 2, HistoryFilter.Side.CREDIT, null, null, null, null, false, 8189, 0));

    Answered balances = running.get("/v1/accounts/7/balances");
    assertThat(balances.json().at("/balances/0/credits_posted").asText())
        .isEqualTo(UInt128.MAX.toString());
    assertThat(balances.json().at("/balances/0/expiry").asBoolean()).isFalse();
    assertThat(ledger.asked.getLast()).isEqualTo(HistoryFilter.newest(100));
  }

  @Test
  void all_transfers_are_listed_by_filter() throws Exception {
    Answered listed =
        running.get(
            "/v1/transfers?from=8&to=9&ledger=4294967295&code=10&user_data_128=3&user_data_64=4"
                + "&user_data_32=5&order=oldest&limit=50&after=6&consistency=stale-ok");

    assertThat(listed.status()).isEqualTo(200);
    assertThat(listed.json().at("/transfers/0/id").asText()).isEqualTo("6");
    assertThat(listed.json().path("next").asText()).isEqualTo("77");
    assertThat(listed.json().path("lag_ops").asLong()).isEqualTo(3);
    assertThat(listed.json().path("lag_ms").asLong()).isEqualTo(250);
    assertThat(listed.header("Holdfast-Lag-Millis")).isEqualTo("250");
    assertThat(ledger.asked.getLast())
        .isEqualTo(new TransferFilter(8, 9, -1, 10, UInt128.of(3), 4L, 5, false, 50, 6));
    running.get("/v1/transfers");
    assertThat(ledger.asked.getLast()).isEqualTo(TransferFilter.newest(100));
  }

  @Test
  void the_balances_at_a_time_are_answered_and_told_apart_from_no_account() throws Exception {
    Answered now = running.get("/v1/accounts/7/balance?consistency=stale-ok");
    assertThat(now.status()).isEqualTo(200);
    assertThat(now.json().at("/balance/debits_posted").asText()).isEqualTo("1250");
    assertThat(now.json().at("/balance/transfer_id").asText()).isEqualTo("5");
    assertThat(now.json().path("lag_ops").asLong()).isEqualTo(3);
    assertThat(now.header("Holdfast-Op")).isEqualTo("12");
    assertThat(ledger.asked.getLast()).isEqualTo(Long.MAX_VALUE);

    assertThat(running.get("/v1/accounts/7/balance?at=17").status()).isEqualTo(200);
    assertThat(ledger.asked.getLast()).isEqualTo(17L);

    for (String ahead : List.of("1001", "9223372036854775807")) {
      Answered toCome = running.get("/v1/accounts/7/balance?at=" + ahead);
      assertThat(toCome.status()).isEqualTo(422);
      assertThat(toCome.code()).isEqualTo("time-to-come");
      assertThat(toCome.json().path("parameter").asText()).isEqualTo("at");
      assertThat(toCome.json().path("detail").asText())
          .isEqualTo("at is ahead; allowed: up to 1000");
      assertThat(toCome.json().path("hint").asText()).isEqualTo("wait");
    }

    Answered before = running.get("/v1/accounts/7/balance?at=3");
    assertThat(before.status()).isEqualTo(404);
    assertThat(before.code()).isEqualTo("not-found");
    assertThat(before.json().path("detail").asText())
        .isEqualTo("there was no account with id 7 at 3");
    assertThat(before.json().path("hint").asText())
        .isEqualTo("if there is one by now, GET /v1/accounts/7 says when it was opened");
    assertThat(before.header("Holdfast-Op")).isEqualTo("12");

    Answered nobody = running.get("/v1/accounts/5000/balance?consistency=stale-ok");
    assertThat(nobody.status()).isEqualTo(404);
    assertThat(nobody.json().path("detail").asText()).isEqualTo("there is no account with id 5000");
    assertThat(nobody.json().path("hint").asText()).contains("without consistency=stale-ok");
  }

  @Test
  void an_account_is_answered_together_with_its_open_reservations() throws Exception {
    Answered holds = running.get("/v1/accounts/7/holds?limit=3&after=99");

    assertThat(holds.status()).isEqualTo(200);
    assertThat(holds.json().at("/account/id").asText()).isEqualTo("7");
    assertThat(holds.json().at("/holds/0/amount").asText()).isEqualTo("400");
    assertThat(holds.json().path("next").asText()).isEqualTo("55");
    assertThat(holds.json().path("op").asLong()).isEqualTo(12);
    assertThat(ledger.asked.getLast()).isEqualTo(List.of(3, 99L));

    Answered nobody = running.get("/v1/accounts/5000/holds");
    assertThat(nobody.status()).isEqualTo(404);
    assertThat(nobody.code()).isEqualTo("not-found");
    assertThat(nobody.header("Holdfast-Op")).isEqualTo("12");
  }

  @Test
  void the_status_tells_of_the_site() throws Exception {
    Answered status = running.get("/v1/status");

    assertThat(status.status()).isEqualTo(200);
    assertThat(status.json().path("ledger_id").asText())
        .isEqualTo("0123456789abcdef0123456789abcdef");
    assertThat(status.json().path("leader").asText()).isEqualTo("n2");
    assertThat(status.json().at("/nodes/0/clock_offset_millis").asLong()).isEqualTo(-2);
    assertThat(status.json().at("/nodes/1/role").asText()).isEqualTo("leader");
    assertThat(status.json().at("/incidents/0").asText())
        .isEqualTo("the clock of node \"n3\" is 2 s off");
  }

  @Test
  void metrics_count_requests_events_and_results() throws Exception {
    running.postJson("/v1/transfers", "[{\"id\":\"1\"},{\"id\":\"2\"}]");
    running.postJson("/v1/transfers", "nonsense");

    Answered metrics = running.get("/metrics");

    assertThat(metrics.header("Content-Type")).startsWith("text/plain");
    assertThat(metrics.text())
        .contains(
            "holdfast_rest_request_seconds_count{method=\"POST\",route=\"/v1/transfers\",status=\"200\"} 1")
        .contains(
            "holdfast_rest_request_seconds_count{method=\"POST\",route=\"/v1/transfers\",status=\"400\"} 1")
        .contains(
            "holdfast_rest_request_seconds_bucket{method=\"POST\",route=\"/v1/transfers\",status=\"200\",le=")
        .contains("holdfast_rest_events_total{kind=\"transfer\"} 2.0")
        .contains("holdfast_rest_results_total{kind=\"transfer\",outcome=\"created\"} 2.0")
        .contains("holdfast_rest_problems_total{code=\"malformed-json\"} 1.0");
  }

  @Test
  void many_requests_on_one_connection_are_answered_in_order() throws Exception {
    try (var socket = running.connect()) {
      StringBuilder pipelined = new StringBuilder();
      for (int i = 1; i <= 9; i++) {
        pipelined.append(Wire.post("/v1/transfers", "[{\"id\":\"" + i + "\"}]"));
      }
      socket.getOutputStream().write(pipelined.toString().getBytes(UTF_8));
      String answers = "";
      byte[] buffer = new byte[65_536];
      while (!answers.contains("\"id\":\"9\"")) {
        int read = socket.getInputStream().read(buffer);
        assertThat(read).isPositive();
        answers += new String(buffer, 0, read, UTF_8);
      }
      int last = -1;
      for (int i = 1; i <= 9; i++) {
        int at = answers.indexOf("\"id\":\"" + i + "\"");
        assertThat(at).isGreaterThan(last);
        last = at;
      }
    }
  }

  @Test
  void a_taken_port_is_named() {
    RestConfig config = RestConfig.plain("127.0.0.1", running.gateway.port());

    assertThatThrownBy(() -> new RunningGateway(ledger, config, Health.alwaysLeading()))
        .isInstanceOf(HoldfastException.class)
        .hasMessageContaining("can't listen on 127.0.0.1:" + running.gateway.port());
  }
}
