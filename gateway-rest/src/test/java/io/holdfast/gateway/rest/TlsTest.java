package io.holdfast.gateway.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway over HTTPS. */
class TlsTest {
  private static final char[] PASSWORD = "password".toCharArray();

  @TempDir Path directory = Path.of("");

  @Test
  void https_is_spoken_with_the_key_it_is_given() throws Exception {
    SSLContext context = context();
    ScriptedLedger ledger = new ScriptedLedger();
    RestConfig config = RestConfig.plain("127.0.0.1", 0).withTls(context);
    try (RunningGateway running = new RunningGateway(ledger, config, Health.alwaysLeading());
        HttpClient trusting = HttpClient.newBuilder().sslContext(context).build();
        HttpClient distrusting = HttpClient.newHttpClient()) {
      HttpRequest payment =
          HttpRequest.newBuilder(URI.create("https://localhost:" + running.port + "/v1/transfers"))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString("[{\"id\":\"1\"}]"))
              .build();

      HttpResponse<String> answer = trusting.send(payment, HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("\"status\":\"created\"");
      assertThatThrownBy(() -> distrusting.send(payment, HttpResponse.BodyHandlers.ofString()))
          .isInstanceOf(SSLHandshakeException.class);
      assertThat(ledger.submitted).hasSize(1);
    }
  }

  @Test
  void a_handshake_left_half_way_is_cut_off() throws Exception {
    RestConfig config =
        RestConfig.plain("127.0.0.1", 0)
            .withTls(context())
            .withTimeouts(
                Duration.ofMillis(500),
                Duration.ofMillis(500),
                Duration.ofMillis(500),
                Duration.ofMillis(500));
    try (RunningGateway running =
            new RunningGateway(new ScriptedLedger(), config, Health.alwaysLeading());
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), running.port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1, 0}); // a hello that stops
      assertThat(Wire.readAll(socket)).isEmpty();
      Eventually.holds(
          "it is counted", () -> running.metric("holdfast_rest_slow_clients_total").equals("1.0"));
    }
  }

  @Test
  void plain_http_to_an_https_gateway_harms_nobody() throws Exception {
    RestConfig config = RestConfig.plain("127.0.0.1", 0).withTls(context());
    try (RunningGateway running =
            new RunningGateway(new ScriptedLedger(), config, Health.alwaysLeading());
        Socket socket = running.connect()) {
      Wire.write(socket, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(Wire.readAll(socket)).doesNotContain("200");
    }
  }

  /** A key of its own for localhost, and trust in it. */
  private SSLContext context() throws Exception {
    Path file = directory.resolve("key.p12");
    if (!Files.exists(file)) {
      makeKey(file);
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static void makeKey(Path file) throws IOException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD),
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-alias",
                "gateway")
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).as(output).isTrue();
    assertThat(keytool.exitValue()).as(output).isZero();
  }
}
