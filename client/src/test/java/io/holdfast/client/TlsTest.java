package io.holdfast.client;

import static io.holdfast.client.HoldfastClientTest.payment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  private static final char[] PASSWORD = "only-for-this-test".toCharArray();

  @TempDir static Path directory;
  private final FakeLedger ledger = new FakeLedger();

  @BeforeAll
  static void makeCertificate() throws Exception {
    keytool(
        "-genkeypair",
        "-alias",
        "node",
        "-keyalg",
        "EC",
        "-dname",
        "CN=n1",
        "-ext",
        "SAN=ip:127.0.0.1",
        "-storetype",
        "PKCS12");
    keytool("-exportcert", "-alias", "node", "-rfc", "-file", certificate().toString());
  }

  private static void keytool(String... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    builder.command().addAll(List.of(arguments));
    builder
        .command()
        .addAll(List.of("-keystore", store().toString(), "-storepass", new String(PASSWORD)));
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
  }

  private static Path store() {
    return directory.resolve("node.p12");
  }

  private static Path certificate() {
    return directory.resolve("node.crt");
  }

  private FakeGateway secureGateway() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store())) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(managers.getKeyManagers(), null, null);
    return new FakeGateway(ledger::judge, context.getServerSocketFactory());
  }

  @Test
  void a_gateway_with_a_certificate_of_the_named_authority_is_believed() throws Exception {
    try (FakeGateway gateway = secureGateway();
        HoldfastClient client =
            HoldfastClient.builder()
                .gateways(List.of(gateway.address()))
                .caCertificate(certificate())
                .build()) {
      assertThat(client.transfer(payment(1)).get()).isInstanceOf(Outcome.Answered.class);
      assertThat(client.transfer(payment(2), new byte[4_000]).get())
          .isInstanceOf(Outcome.Answered.class);
    }
  }

  @Test
  void another_gateway_is_not_and_gets_nothing() throws Exception {
    try (FakeGateway gateway = secureGateway();
        HoldfastClient client =
            HoldfastClient.builder()
                .gateways(List.of(gateway.address()))
                .deadline(Duration.ofMillis(1_500))
                .build()) {
      assertThat(client.transfer(payment(1)).get())
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> assertThat(refused.code()).isEqualTo("unavailable"));
      assertThat(gateway.received()).isEmpty();
    }
  }

  @Test
  void a_file_without_a_certificate_is_refused_by_name() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty.crt"));
    assertThatThrownBy(() -> HoldfastClient.builder().caCertificate(empty))
        .isInstanceOf(HoldfastException.class)
        .hasMessageContaining("empty.crt");
  }
}
