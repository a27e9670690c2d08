package io.holdfast.gateway.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However slow a client is, it is not waited for for ever. */
@Timeout(60)
class SlowClientsTest {
  private static final String PAYMENT = "[{\"id\":\"1\"}]";

  private final ScriptedLedger ledger = new ScriptedLedger();
  private final RunningGateway running =
      new RunningGateway(
          ledger,
          RestConfig.plain("127.0.0.1", 0)
              .withTimeouts(
                  Duration.ofMillis(400),
                  Duration.ofMillis(400),
                  Duration.ofMillis(800),
                  Duration.ofMillis(500)),
          Health.alwaysLeading());

  @AfterEach
  void others_are_served() {
    Eventually.holds(
        "others are served",
        () -> {
          try {
            return running.postJson("/v1/transfers", PAYMENT).status() == 200;
          } catch (IOException e) {
            return false; // a machine this busy is itself a slow client
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    running.close();
  }

  @Test
  void headers_sent_byte_by_byte_are_cut_off() throws Exception {
    try (Socket socket = running.connect()) {
      assertCutOff(socket, "GET /v1/status HTTP/1.1\r\nHost: x\r\nX-Slow: " + "y".repeat(4_000));
    }
    assertThat(running.metric("holdfast_rest_slow_clients_total")).isEqualTo("1.0");
  }

  @Test
  void a_first_line_sent_byte_by_byte_is_cut_off() throws Exception {
    try (Socket socket = running.connect()) {
      assertCutOff(socket, "GET /v1/status?" + "y".repeat(4_000));
    }
  }

  @Test
  void a_body_sent_byte_by_byte_is_cut_off_and_never_submitted() throws Exception {
    try (Socket socket = running.connect()) {
      String request = Wire.post("/v1/transfers", PAYMENT + " ".repeat(5_000));
      int body = request.indexOf("\r\n\r\n") + 4;
      Wire.write(socket, request.substring(0, body));
      assertCutOff(socket, request.substring(body));
    }
    assertThat(ledger.submitted).isEmpty();
    Eventually.holds(
        "its memory is given back", () -> running.metric("holdfast_rest_body_bytes").equals("0.0"));
  }

  @Test
  void a_connection_that_rests_too_long_is_closed() throws Exception {
    try (Socket socket = running.connect()) {
      Wire.write(socket, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(Wire.readAll(socket)).contains("HTTP/1.1 200").endsWith("{\"status\":\"live\"}");
    }
    try (Socket socket = running.connect()) {
      assertThat(Wire.readAll(socket)).isEmpty();
    }
  }

  @Test
  void a_client_that_never_reads_is_cut_off() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        Socket socket = running.connect();
        sockets.add(socket);
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (true) {
                      Wire.write(socket, "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n");
                    }
                  } catch (IOException e) {
                    // cut off, as it should be
                  }
                });
      }
      Eventually.holds(
          "all of them are cut off",
          () -> Double.parseDouble(running.metric("holdfast_rest_slow_clients_total")) >= 20);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /** Sends a byte now and then until the other side has had enough. */
  private static void assertCutOff(Socket socket, String text) {
    long began = System.nanoTime();
    try {
      for (byte b : text.getBytes(UTF_8)) {
        socket.getOutputStream().write(b);
        LockSupport.parkNanos(20_000_000);
      }
    } catch (IOException e) {
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
      return;
    }
    throw new AssertionError("all of it was taken");
  }
}
