package io.holdfast.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.gateway.rest.RunningGateway.Answered;
import io.holdfast.ledger.Reply;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever one client does, the gateway stays up and serves the others. */
@Timeout(60)
class BadClientsTest {
  private static final String PAYMENT = "[{\"id\":\"1\"}]";
  private static final int REQUESTS_MAX = 8;

  private final ScriptedLedger ledger = new ScriptedLedger();
  private final RunningGateway running =
      new RunningGateway(
          ledger,
          RestConfig.plain("127.0.0.1", 0).withLimits(200, REQUESTS_MAX, 1 << 22, 8 << 20),
          Health.alwaysLeading());

  @AfterEach
  void stop() {
    othersAreServed();
    running.close();
  }

  @Test
  void a_flood_is_pushed_back_and_the_rest_answered() throws Exception {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    ledger.onSubmit = request -> gate.thenApply(opened -> ledger.created(request));
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      answers.add(
          running.http.sendAsync(
              HttpRequest.newBuilder(running.uri("/v1/transfers"))
                  .header("Content-Type", "application/json")
                  .header("Holdfast-Timeout-Millis", "60000")
                  .POST(BodyPublishers.ofString(PAYMENT))
                  .build(),
              HttpResponse.BodyHandlers.ofString()));
    }
    Eventually.holds(
        "all but those in progress are answered",
        () -> answers.stream().filter(CompletableFuture::isDone).count() == 100 - REQUESTS_MAX);
    assertThat(running.get("/health/live").status()).isEqualTo(200);
    assertThat(running.get("/metrics").text())
        .contains("holdfast_rest_problems_total{code=\"overloaded\"} 92.0")
        .contains("holdfast_rest_requests_in_progress 8.0");
    gate.complete(null);

    int taken = 0;
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      if (answer.get().statusCode() == 200) {
        taken++;
      } else {
        assertThat(answer.get().statusCode()).isEqualTo(429);
        assertThat(answer.get().headers().firstValue("Retry-After")).hasValue("1");
        assertThat(answer.get().body()).contains("\"code\":\"overloaded\"");
      }
    }
    assertThat(taken).isEqualTo(REQUESTS_MAX);
    assertThat(ledger.submitted).hasSize(REQUESTS_MAX);
  }

  @Test
  void bodies_never_take_more_memory_than_is_set_aside() throws Exception {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    ledger.onSubmit = request -> gate.thenApply(opened -> ledger.created(request));
    String padded = PAYMENT + " ".repeat(3 << 20);
    HttpRequest request =
        HttpRequest.newBuilder(running.uri("/v1/transfers"))
            .header("Content-Type", "application/json")
            .header("Holdfast-Timeout-Millis", "60000")
            .POST(BodyPublishers.ofString(padded))
            .build();
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      answers.add(running.http.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
    }
    Eventually.holds(
        "those that do not fit are pushed back",
        () ->
            answers.stream().filter(CompletableFuture::isDone).count() >= 4
                && ledger.submitted.size()
                    == answers.stream().filter(answer -> !answer.isDone()).count());
    gate.complete(null);
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertThat(answer.get().statusCode()).isIn(200, 429);
    }
    Eventually.holds(
        "the memory is given back", () -> running.metric("holdfast_rest_body_bytes").equals("0.0"));
  }

  @Test
  void garbage_is_answered_with_a_problem_and_the_connection_closed() throws Exception {
    byte[] noise = new byte[20_000];
    new Random(11).nextBytes(noise);
    try (Socket socket = running.connect()) {
      socket.getOutputStream().write(noise);
      assertRefusedUnlessReset(Wire.readAll(socket), "HTTP/1.1 4", "application/problem+json");
    }
    try (Socket socket = running.connect()) {
      Wire.write(socket, "HELLO\r\n\r\n");
      assertThat(Wire.readAll(socket))
          .startsWith("HTTP/1.1 400")
          .contains("\"code\":\"malformed-http\"");
    }
    try (Socket socket = running.connect()) {
      Wire.write(socket, "GET /" + "x".repeat(5_000) + " HTTP/1.1\r\n\r\n");
      assertThat(Wire.readAll(socket))
          .startsWith("HTTP/1.1 414")
          .contains("\"code\":\"address-too-long\"");
    }
    try (Socket socket = running.connect()) {
      Wire.write(socket, "GET /v1/status HTTP/1.0\r\nHost: x\r\n\r\n");
      assertThat(Wire.readAll(socket))
          .startsWith("HTTP/1.1 505")
          .contains("\"code\":\"http-version-not-supported\"");
    }
    try (Socket socket = running.connect()) {
      Wire.write(
          socket, "GET /v1/status HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(20_000) + "\r\n\r\n");
      assertRefusedUnlessReset(Wire.readAll(socket), "HTTP/1.1 400", "Header size exceeded");
    }
    try (Socket socket = running.connect()) {
      Wire.write(
          socket,
          Wire.post("/v1/transfers", PAYMENT)
              .replace("Content-Length: 12", "Transfer-Encoding: chunked")
              .replace(PAYMENT, "zz\r\n" + PAYMENT));
      assertThat(Wire.readAll(socket)).startsWith("HTTP/1.1 400");
    }
  }

  @Test
  void a_client_that_leaves_in_the_middle_of_its_request_leaves_nothing_behind() throws Exception {
    String request = Wire.post("/v1/transfers", PAYMENT + " ".repeat(50_000));
    for (int length : new int[] {1, 10, 30, 100, 150, 1_000, 40_000}) {
      try (Socket socket = running.connect()) {
        Wire.write(socket, request.substring(0, length));
      }
    }
    Eventually.holds(
        "all is given back",
        () ->
            running.metric("holdfast_rest_body_bytes").equals("0.0")
                && running.metric("holdfast_rest_connections").equals("0.0"));
    assertThat(ledger.submitted).isEmpty();
    assertThat(running.metric("holdfast_rest_problems_total{code=\"internal-error\"}")).isEmpty();
  }

  @Test
  void a_client_that_leaves_before_its_answer_does_no_harm() throws Exception {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    ledger.onSubmit = request -> gate.thenApply(opened -> ledger.created(request));
    for (int i = 0; i < REQUESTS_MAX; i++) {
      try (Socket socket = running.connect()) {
        Wire.write(socket, Wire.post("/v1/transfers", PAYMENT));
        int submitted = i + 1;
        Eventually.holds("it is submitted", () -> ledger.submitted.size() == submitted);
        socket.setSoLinger(true, 0); // leaves with a reset
      }
    }
    gate.complete(null);
    Eventually.holds(
        "no slot stays taken",
        () -> running.metric("holdfast_rest_requests_in_progress").equals("0.0"));
    assertThat(running.postJson("/v1/transfers", PAYMENT).status()).isEqualTo(200);
  }

  /** A connection closed before all was read may be reset, and that may overtake the answer. */
  private static void assertRefusedUnlessReset(String answer, String begin, String part) {
    if (!answer.isEmpty()) {
      assertThat(answer).startsWith(begin).contains(part);
    }
  }

  private void othersAreServed() {
    ledger.onSubmit = request -> CompletableFuture.<Reply>completedFuture(ledger.created(request));
    try {
      Answered answered = running.postJson("/v1/transfers", PAYMENT);
      assertThat(answered.status()).as(answered.text()).isEqualTo(200);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("the gateway does not serve others any more", e);
    }
  }
}
