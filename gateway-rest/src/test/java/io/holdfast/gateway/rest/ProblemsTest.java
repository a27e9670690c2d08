package io.holdfast.gateway.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.gateway.rest.RunningGateway.Answered;
import io.holdfast.kernel.Limits;
import io.holdfast.ledger.Reply;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a caller sees when something is wrong, with the request or behind the gateway. */
class ProblemsTest {
  private static final String PAYMENT = "[{\"id\":\"1\"}]";

  private final ScriptedLedger ledger = new ScriptedLedger();
  private final RestConfig config =
      RestConfig.plain("127.0.0.1", 0).withLimits(100, 100, 1 << 16, 1 << 20);
  private volatile Optional<String> notReady = Optional.empty();
  private volatile boolean leading = true;
  private final RunningGateway running =
      new RunningGateway(
          ledger,
          config,
          new Health() {
            @Override
            public Optional<String> notReady() {
              return notReady;
            }

            @Override
            public boolean leading() {
              return leading;
            }
          });

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void a_problem_document_names_place_value_and_what_is_allowed() throws Exception {
    Answered answered = running.postJson("/v1/transfers", "[{\"id\":\"1\"},{\"amount\":\"1.5\"}]");

    assertThat(answered.status()).isEqualTo(422);
    assertThat(answered.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answered.text())
        .isEqualTo(
            "{\"type\":\"https://holdfast.io/errors/malformed-amount\","
                + "\"title\":\"An amount is malformed\",\"status\":422,"
                + "\"detail\":\"amount of event 1 is '1.5'; allowed: a string of decimal digits,"
                + " in whole minor units, from 0 to 2^128-1\","
                + "\"code\":\"malformed-amount\","
                + "\"hint\":\"write 12.50 with two decimals as \\\"1250\\\"\","
                + "\"path\":\"/1/amount\"}");
    assertThat(ledger.submitted).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "overloaded, 429, 1",
    "no-leader, 503, 1",
    "unavailable, 503, 1",
    "outcome-unknown, 504, ''",
    "request-too-large, 413, ''",
  })
  void what_the_ledger_says_reaches_the_caller(String code, int status, String retryAfter)
      throws Exception {
    ledger.onSubmit = request -> ScriptedLedger.failed(code, "the ledger says so");

    Answered answered = running.postJson("/v1/transfers", PAYMENT);

    assertThat(answered.status()).isEqualTo(status);
    assertThat(answered.code()).isEqualTo(code);
    assertThat(answered.json().path("detail").asText()).isEqualTo("the ledger says so");
    assertThat(answered.header("Retry-After")).isEqualTo(retryAfter);
  }

  @Test
  void an_unknown_outcome_asks_to_repeat_with_the_same_ids() throws Exception {
    ledger.onSubmit = request -> new CompletableFuture<Reply>();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(running.uri("/v1/transfers"))
            .header("Content-Type", "application/json")
            .header("Holdfast-Timeout-Millis", "20")
            .POST(BodyPublishers.ofString(PAYMENT));

    Answered answered = running.send(request);

    assertThat(answered.status()).isEqualTo(504);
    assertThat(answered.code()).isEqualTo("outcome-unknown");
    assertThat(answered.json().path("hint").asText()).contains("repeat with the same ids");
  }

  @Test
  void a_read_that_takes_too_long_is_unavailable() throws Exception {
    ledger.onRead = question -> new CompletableFuture<>();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(running.uri("/v1/accounts/1"))
            .header("Holdfast-Timeout-Millis", "20");

    Answered answered = running.send(request);

    assertThat(answered.status()).isEqualTo(503);
    assertThat(answered.code()).isEqualTo("unavailable");
    assertThat(answered.header("Retry-After")).isEqualTo("1");
  }

  @Test
  void a_fault_inside_shows_a_number_and_no_stack_trace() throws Exception {
    ledger.onSubmit =
        request -> CompletableFuture.failedFuture(new IllegalStateException("secret detail"));

    Answered answered = running.postJson("/v1/transfers", PAYMENT);

    assertThat(answered.status()).isEqualTo(500);
    assertThat(answered.code()).isEqualTo("internal-error");
    assertThat(answered.text()).doesNotContain("secret").doesNotContain("Exception");
    assertThat(answered.json().path("detail").asText())
        .matches(
            "the request failed inside the gateway; incident [0-9a-f]{16} in its log says why");
  }

  @Test
  void a_code_that_the_gateway_does_not_know_is_an_incident() throws Exception {
    ledger.onSubmit = request -> ScriptedLedger.failed("wrong-data-key", "key 7 at /secret/place");

    Answered answered = running.postJson("/v1/transfers", PAYMENT);

    assertThat(answered.status()).isEqualTo(500);
    assertThat(answered.text()).doesNotContain("/secret/place");
  }

  @Test
  void an_unknown_path_and_a_wrong_method_are_told_apart() throws Exception {
    Answered unknown = running.get("/v1/transfer");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.code()).isEqualTo("unknown-path");
    assertThat(unknown.json().path("hint").asText()).isEqualTo("did you mean '/v1/transfers'?");

    Answered wrong = running.send(HttpRequest.newBuilder(running.uri("/v1/accounts")).DELETE());
    assertThat(wrong.status()).isEqualTo(405);
    assertThat(wrong.code()).isEqualTo("method-not-allowed");
    assertThat(wrong.header("Allow")).isEqualTo("GET, POST");
    assertThat(wrong.json().path("detail").asText())
        .isEqualTo("/v1/accounts does not take DELETE; allowed: GET, POST");
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/json; charset=utf-16"
  })
  void another_media_type_is_refused_with_those_that_are_taken(String mediaType) throws Exception {
    Answered answered = running.post("/v1/transfers", mediaType, PAYMENT.getBytes(UTF_8));

    assertThat(answered.status()).isEqualTo(415);
    assertThat(answered.code()).isEqualTo("unsupported-media-type");
    assertThat(answered.json().path("detail").asText())
        .isEqualTo(
            "Content-Type is '"
                + mediaType
                + "'; allowed: application/json, application/vnd.holdfast.batch");
  }

  @Test
  void a_body_that_announces_too_much_is_refused_before_it_is_read() throws Exception {
    Answered answered =
        running.post("/v1/transfers", "application/json", new byte[config.bodyBytesMax() + 1]);

    assertThat(answered.status()).isEqualTo(413);
    assertThat(answered.code()).isEqualTo("request-too-large");
    assertThat(answered.json().path("detail").asText())
        .isEqualTo("the body has 65537 bytes; allowed: at most 65536");
  }

  @Test
  void a_body_that_turns_out_too_large_is_refused_while_it_is_read() throws Exception {
    byte[] body = new byte[config.bodyBytesMax() + 1];
    HttpRequest.Builder chunked =
        HttpRequest.newBuilder(running.uri("/v1/transfers"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)));

    Answered answered = running.send(chunked);

    assertThat(answered.status()).isEqualTo(413);
    assertThat(answered.json().path("detail").asText())
        .isEqualTo("the body has more than 65536 bytes; allowed: at most 65536");
  }

  @Test
  void a_body_in_chunks_is_taken() throws Exception {
    HttpRequest.Builder chunked =
        HttpRequest.newBuilder(running.uri("/v1/transfers"))
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream(PAYMENT.getBytes(UTF_8))));

    assertThat(running.send(chunked).status()).isEqualTo(200);
  }

  @Test
  void a_body_of_exactly_the_limit_is_read_whole() throws Exception {
    String padding = " ".repeat(config.bodyBytesMax() - PAYMENT.length());

    assertThat(running.postJson("/v1/transfers", PAYMENT + padding).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/accounts?limt=5                        | unknown-parameter   | limt          | did you mean 'limit'?
          /v1/accounts?limit=5&limit=6               | duplicate-parameter | limit         | ''
          /v1/accounts?limit=0                       | out-of-range        | limit         | ''
          /v1/accounts?limit=8190                    | out-of-range        | limit         | ''
          /v1/accounts?limit=five                    | malformed-number    | limit         | ''
          /v1/accounts?limit=                        | malformed-number    | limit         | ''
          /v1/accounts?ledger=4294967296             | out-of-range        | ledger        | ''
          /v1/accounts?ledger=-1                     | malformed-number    | ledger        | ''
          /v1/accounts?code=65536                    | out-of-range        | code          | ''
          /v1/accounts?user_data_64=18446744073709551616 | out-of-range    | user_data_64  | ''
          /v1/accounts?user_data_128=0x10            | malformed-number    | user_data_128 | ''
          /v1/accounts?consistency=stale             | unknown-value       | consistency   | ''
          /v1/accounts/1/transfers?side=left         | unknown-value       | side          | ''
          /v1/accounts/1/transfers?order=newst       | unknown-value       | order         | did you mean 'newest'?
          /v1/accounts/1/transfers?from=9223372036854775808 | out-of-range | from          | ''
          /v1/accounts/1/balances?ledger=1           | unknown-parameter   | ledger        | remove it
          /v1/accounts/x/balances                    | malformed-id        | id            | ''
          /v1/transfers/00112233-4455-6677-8899-aabbccddeeff | malformed-id | id           | write a UUID without its hyphens
          /v1/accounts?order=up                      | unknown-value       | order         | ''
          /v1/accounts?from=yesterday                | malformed-number    | from          | ''
          /v1/transfers?side=debit                   | unknown-parameter   | side          | remove it
          /v1/transfers?lmit=5                       | unknown-parameter   | lmit          | did you mean 'limit'?
          /v1/transfers?to=9223372036854775808       | out-of-range        | to            | ''
          /v1/transfers?ledger=x                     | malformed-number    | ledger        | ''
          /v1/accounts/1/balance?at=2026-11-26       | malformed-number    | at            | ''
          /v1/accounts/1/balance?at=9223372036854775808 | out-of-range     | at            | ''
          /v1/accounts/1/balance?limit=1             | unknown-parameter   | limit         | remove it
          /v1/accounts/x/balance                     | malformed-id        | id            | ''
          /v1/accounts/1/holds?at=5                  | unknown-parameter   | at            | remove it
          /v1/accounts/1/holds?limit=0               | out-of-range        | limit         | ''
          /v1/accounts/1/holds?after=-1              | malformed-number    | after         | ''
          /v1/accounts/x/holds                       | malformed-id        | id            | ''
          /v1/status?verbose=1                       | unknown-parameter   | verbose       | remove it
          """)
  void query_parameters_are_checked_by_name(String path, String code, String parameter, String hint)
      throws Exception {
    Answered answered = running.get(path);

    assertThat(answered.status()).isEqualTo(422);
    assertThat(answered.code()).isEqualTo(code);
    assertThat(answered.json().path("parameter").asText()).isEqualTo(parameter);
    assertThat(answered.json().path("hint").asText()).isEqualTo(hint);
    assertThat(answered.json().path("detail").asText()).contains("allowed: ");
    assertThat(ledger.asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"soon, malformed-number", "0, out-of-range", "60001, out-of-range"})
  void impatience_has_its_limits(String timeout, String code) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(running.uri("/v1/accounts/1"))
            .header("Holdfast-Timeout-Millis", timeout);

    Answered answered = running.send(request);

    assertThat(answered.status()).isEqualTo(422);
    assertThat(answered.code()).isEqualTo(code);
    assertThat(answered.json().path("detail").asText())
        .isEqualTo("Holdfast-Timeout-Millis is '" + timeout + "'; allowed: 1 to 60000");
  }

  @Test
  void a_binary_look_up_of_broken_length_is_refused() throws Exception {
    Answered answered = running.post("/v1/accounts/lookup", Answer.BATCH_MEDIA_TYPE, new byte[17]);
    assertThat(answered.status()).isEqualTo(400);
    assertThat(answered.code()).isEqualTo("malformed-request");

    Answered none = running.post("/v1/accounts/lookup", Answer.BATCH_MEDIA_TYPE, new byte[0]);
    assertThat(none.code()).isEqualTo("no-ids");
  }

  @Test
  void a_look_up_takes_8189_ids_and_not_one_more() throws Exception {
    try (RunningGateway roomy = new RunningGateway(ledger)) {
      byte[] most = new byte[16 * Limits.LOOKUP_IDS_MAX];
      assertThat(roomy.post("/v1/accounts/lookup", Answer.BATCH_MEDIA_TYPE, most).status())
          .isEqualTo(200);
      byte[] more = new byte[16 * (Limits.LOOKUP_IDS_MAX + 1)];
      assertThat(roomy.post("/v1/accounts/lookup", Answer.BATCH_MEDIA_TYPE, more).code())
          .isEqualTo("too-many-ids");
    }
  }

  @Test
  void health_says_why_not() throws Exception {
    assertThat(running.get("/health/live").status()).isEqualTo(200);
    assertThat(running.get("/health/ready").text()).isEqualTo("{\"status\":\"ready\"}");
    assertThat(running.get("/health/leader").status()).isEqualTo(200);

    notReady = Optional.of("no leader is known");
    leading = false;

    assertThat(running.get("/health/live").status()).isEqualTo(200);
    Answered ready = running.get("/health/ready");
    assertThat(ready.status()).isEqualTo(503);
    assertThat(ready.code()).isEqualTo("not-ready");
    assertThat(ready.json().path("detail").asText()).isEqualTo("no leader is known");
    assertThat(running.get("/health/leader").code()).isEqualTo("not-leader");
  }

  @Test
  void a_closing_gateway_answers_what_is_in_progress() throws Exception {
    CompletableFuture<Reply> slow = new CompletableFuture<>();
    CompletableFuture<Reply> taken = new CompletableFuture<>();
    ledger.onSubmit =
        request -> {
          taken.complete(ledger.created(request));
          return slow;
        };
    HttpRequest request =
        HttpRequest.newBuilder(running.uri("/v1/transfers"))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(10))
            .POST(BodyPublishers.ofString(PAYMENT))
            .build();
    var answer =
        running.http.sendAsync(request, java.net.http.HttpResponse.BodyHandlers.ofString());
    Reply reply = taken.get();

    Thread closing = Thread.ofVirtual().start(running.gateway::close);
    Eventually.holds("the listener is closed", () -> !accepts());
    slow.complete(reply);

    assertThat(answer.get().statusCode()).isEqualTo(200);
    assertThat(answer.get().headers().firstValue("Connection")).hasValue("close");
    closing.join();
  }

  private boolean accepts() {
    try (var socket = running.connect()) {
      return socket.isConnected();
    } catch (java.io.IOException e) {
      return false;
    }
  }
}
