package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeTlsTest {
  @TempDir Path temp;
  private Path site = Path.of("");

  @BeforeEach
  void init() {
    site = Identities.site(temp.resolve("site"));
  }

  private NodeTls tls(String node) {
    return Identities.tls(site, node);
  }

  /** Gives {@code node} a certificate as the ledger's authority could issue it. */
  private void issue(String node, NodeIdentity identity, Clock clock, Duration validity)
      throws IOException {
    CertificateAuthority.load(site.resolve("ca"), clock)
        .issue(identity, List.of("localhost"), validity)
        .write(site.resolve(node).resolve("keys"));
  }

  private NodeIdentity identity(String node) {
    return Genesis.read(site.resolve(node)).identity();
  }

  @Test
  void members_accept_each_other_with_tls_1_3_and_know_who_is_there() {
    Handshake.Result result = Handshake.between(tls("n1"), tls("n2"), "localhost", 7402);
    assertThat(result.failure()).isNull();
    assertThat(result.protocol()).isEqualTo("TLSv1.3");
    assertThat(NodeTls.nodeIdOf(result.clientSeenByServer())).isEqualTo("n1");
    assertThat(NodeTls.nodeIdOf(result.serverSeenByClient())).isEqualTo("n2");
  }

  @Test
  void a_member_at_another_members_address_is_refused() {
    NodeTls client = tls("n1");
    Handshake.Result result = Handshake.between(client, tls("n2"), "localhost", 7403);
    assertThat(result.code()).isEqualTo("peer-wrong-node");
    assertThat(client.recentRefusals()).hasSize(1);
    assertThat(client.recentRefusals().getFirst())
        .contains("localhost:7403")
        .contains("answers node n2, not n3");
  }

  @Test
  void an_address_that_is_no_members_is_refused() {
    assertThat(Handshake.between(tls("n1"), tls("n2"), "elsewhere", 7402).code())
        .isEqualTo("peer-wrong-node");
  }

  @Test
  void a_node_of_another_ledger_is_refused_on_both_sides() {
    NodeTls stranger = Identities.tls(Identities.site(temp.resolve("other")), "n2");
    NodeTls server = tls("n2");
    assertThat(Handshake.between(tls("n1"), stranger, "localhost", 7402).code())
        .isEqualTo("peer-other-ledger");
    assertThat(Handshake.between(stranger, server, "localhost", 7402).failure()).isNotNull();
    assertThat(Handshake.serverRefuses(server, stranger)).isEqualTo("peer-other-ledger");
  }

  @Test
  void a_client_without_a_certificate_is_refused() {
    assertThat(Handshake.withoutClientCertificate(tls("n1"), site.resolve("ca/ca.crt")).failure())
        .isNotNull();
  }

  @Test
  void an_expired_certificate_is_refused_and_its_end_named() throws IOException {
    NodeTls other = tls("n1");
    Clock longAgo = shifted(Duration.ofDays(-30));
    issue("n2", identity("n2"), longAgo, Duration.ofDays(10));
    HoldfastException own = Identities.refusal(() -> tls("n2"));
    assertThat(own.code()).isEqualTo("certificate-expired");
    assertThat(refuses(other, certificate("n2"))).isEqualTo("peer-expired");
  }

  @Test
  void a_certificate_of_the_future_is_refused() throws IOException {
    NodeTls other = tls("n1");
    issue("n2", identity("n2"), shifted(Duration.ofDays(30)), Duration.ofDays(10));
    assertThat(Identities.refusal(() -> tls("n2")).code()).isEqualTo("certificate-not-yet-valid");
    assertThat(refuses(other, certificate("n2"))).isEqualTo("peer-not-yet-valid");
  }

  @Test
  void a_node_that_is_no_member_may_ask_to_be_one_but_never_under_another_site()
      throws IOException {
    NodeTls other = tls("n1");
    NodeIdentity n2 = identity("n2");
    Duration day = Duration.ofDays(1);
    issue("n2", new NodeIdentity(n2.ledgerId(), "main", "n9"), Identities.CLOCK, day);
    assertThat(refuses(other, certificate("n2"))).isNull();
    assertThat(Identities.refusal(() -> tls("n2")).code()).isEqualTo("certificate-wrong-node");
    issue("n2", new NodeIdentity(n2.ledgerId(), "spare", "n2"), Identities.CLOCK, day);
    assertThat(refuses(other, certificate("n2"))).isEqualTo("peer-other-site");
  }

  @Test
  void keys_of_another_node_or_ledger_are_found_at_start() throws IOException {
    Path other = Identities.site(temp.resolve("other"));
    Path keys = site.resolve("n1/keys");
    copy(site.resolve("n2/keys/node.key"), keys.resolve("node.key"));
    assertThat(Identities.refusal(() -> tls("n1")).code()).isEqualTo("certificate-key-mismatch");
    copy(site.resolve("n2/keys/node.crt"), keys.resolve("node.crt"));
    assertThat(Identities.refusal(() -> tls("n1")).code()).isEqualTo("certificate-wrong-node");
    copy(other.resolve("n1/keys/node.crt"), keys.resolve("node.crt"));
    assertThat(Identities.refusal(() -> tls("n1")).code()).isEqualTo("certificate-untrusted");
    Files.writeString(keys.resolve("node.crt"), "-----BEGIN CERTIFICATE-----\nAAAA\n");
    assertThat(Identities.refusal(() -> tls("n1")).code()).isEqualTo("key-file-damaged");
    Files.delete(keys.resolve("node.crt"));
    assertThat(Identities.refusal(() -> tls("n1")).code()).isEqualTo("key-file-missing");
  }

  @Test
  void a_private_key_that_others_can_read_is_refused() throws IOException {
    Path key = site.resolve("n1/keys/node.key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(Identities.refusal(() -> tls("n1")).code()).isEqualTo("key-file-exposed");
  }

  @Test
  void a_renewed_certificate_is_used_without_a_restart_and_half_a_renewal_is_not()
      throws IOException {
    Ticking clock = new Ticking();
    Path home = site.resolve("n1");
    List<String> told = new ArrayList<>();
    NodeTls tls =
        NodeTls.load(
            Genesis.read(home),
            home.resolve("keys"),
            clock,
            (kind, actor, fields) -> told.add(kind.label() + " " + List.of(fields)),
            "a test");
    X509Certificate first = shown(tls);
    copy(site.resolve("n2/keys/node.key"), home.resolve("keys/node.key"));
    clock.seconds += 2;
    assertThat(shown(tls)).isEqualTo(first);
    assertThat(told).isEmpty();
    CertificateRenewal.renew(site.resolve("ca"), home, Identities.CLOCK);
    clock.seconds += 2;
    assertThat(shown(tls)).isNotEqualTo(first);
    assertThat(told).hasSize(1).first().asString().startsWith("certificate-renewed [use, a test");
    assertThat(Handshake.between(tls, tls("n2"), "localhost", 7402).failure()).isNull();
  }

  @Test
  void a_peer_that_knocks_all_the_time_is_noted_once() {
    NodeTls stranger = Identities.tls(Identities.site(temp.resolve("other")), "n2");
    NodeTls server = tls("n2");
    for (int i = 0; i < 20; i++) {
      assertThat(Handshake.serverRefuses(server, stranger)).isEqualTo("peer-other-ledger");
    }
    assertThat(server.recentRefusals()).hasSize(1);
  }

  @Test
  void clients_trust_https_of_the_ledgers_nodes_by_host_name() {
    assertThat(Handshake.https(tls("n1"), site.resolve("ca/ca.crt"), "localhost").failure())
        .isNull();
    assertThat(Handshake.https(tls("n1"), site.resolve("ca/ca.crt"), "other.example").failure())
        .isNotNull();
    Path other = Identities.site(temp.resolve("other"));
    assertThat(Handshake.https(tls("n1"), other.resolve("ca/ca.crt"), "localhost").failure())
        .isNotNull();
  }

  private static X509Certificate shown(NodeTls tls) {
    String alias = tls.keyManager().chooseEngineServerAlias("EC", null, null);
    return tls.keyManager().getCertificateChain(alias)[0];
  }

  private X509Certificate certificate(String node) {
    return Pem.readCertificate(site.resolve(node).resolve("keys/node.crt"));
  }

  private static @Nullable String refuses(NodeTls tls, X509Certificate certificate) {
    return Handshake.codeOf(
        Identities.failure(
            () ->
                tls.trustManager().checkClientTrusted(new X509Certificate[] {certificate}, "EC")));
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static Clock shifted(Duration by) {
    return new Clock() {
      @Override
      public long wallNanos() {
        return Identities.CLOCK.wallNanos() + by.toNanos();
      }

      @Override
      public long monotonicNanos() {
        return Identities.CLOCK.monotonicNanos();
      }
    };
  }

  private static final class Ticking implements Clock {
    long seconds;

    @Override
    public long wallNanos() {
      return Identities.CLOCK.wallNanos();
    }

    @Override
    public long monotonicNanos() {
      return seconds * 1_000_000_000L;
    }
  }
}
