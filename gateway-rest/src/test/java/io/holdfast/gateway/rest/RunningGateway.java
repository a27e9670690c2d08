package io.holdfast.gateway.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.client.LedgerAccess;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A gateway on a free port of loopback, and a client of it. */
final class RunningGateway implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  final RestGateway gateway;
  final int port;
  final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  RunningGateway(LedgerAccess ledger) {
    this(ledger, RestConfig.plain("127.0.0.1", 0), Health.alwaysLeading());
  }

  RunningGateway(LedgerAccess ledger, RestConfig config, Health health) {
    gateway = new RestGateway(ledger, config, registry, health);
    gateway.start();
    port = gateway.port();
  }

  /** An answer with its body read as JSON; missing where it is none. */
  record Answered(int status, HttpResponse<byte[]> response, JsonNode json) {
    String code() {
      return json.path("code").asText();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  Answered get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  Answered postJson(String path, String body) throws IOException, InterruptedException {
    return post(path, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  Answered post(String path, String mediaType, byte[] body)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", mediaType)
            .POST(BodyPublishers.ofByteArray(body)));
  }

  Answered send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        http.send(
            request.timeout(Duration.ofSeconds(20)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    String type = response.headers().firstValue("Content-Type").orElse("");
    JsonNode json = type.contains("json") ? JSON.readTree(response.body()) : JSON.missingNode();
    return new Answered(response.statusCode(), response, json);
  }

  /** The value of a metric; empty when there is none. */
  String metric(String name) {
    return registry
        .scrape()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElse("");
  }

  /** A connection for what no well-behaved client would send. */
  Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    return socket;
  }

  @Override
  public void close() {
    http.shutdownNow();
    gateway.close();
  }
}
