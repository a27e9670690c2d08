package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.journal.DataKey;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteInitTest {
  @TempDir Path temp;

  private static List<String> tree(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(f -> root.relativize(f).toString())
          .sorted()
          .toList();
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }

  @Test
  void a_site_of_three_gets_an_authority_and_a_directory_per_node() throws IOException {
    Path site = temp.resolve("a/site");
    UInt128 ledgerId =
        SiteInit.create(
            site,
            "main",
            List.of(
                new SiteInit.NodePlan(
                    new Member("n1", "pay.example", 7400),
                    List.of("10.0.0.1"),
                    Map.of("holdfast.yaml", "x: 1\n".getBytes(StandardCharsets.US_ASCII)))),
            Identities.CLOCK);
    assertThat(tree(site))
        .containsExactly(
            "ca/ca.crt",
            "ca/ca.key",
            "n1/genesis.json",
            "n1/holdfast.yaml",
            "n1/keys/ca.crt",
            "n1/keys/data.key",
            "n1/keys/node.crt",
            "n1/keys/node.key");
    for (String secret : List.of("ca/ca.key", "n1/keys/data.key", "n1/keys/node.key")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(site.resolve(secret))))
          .isEqualTo("rw-------");
    }
    assertThat(Genesis.read(site.resolve("n1")).ledgerId()).isEqualTo(ledgerId);
    assertThat(list(temp.resolve("a"))).containsExactly(site);
  }

  @Test
  void all_nodes_share_ledger_incarnation_and_data_key_and_no_other_site_does() {
    Path one = Identities.site(temp.resolve("one"));
    Path two = Identities.site(temp.resolve("two"));
    Genesis n1 = Genesis.read(one.resolve("n1"));
    Genesis n2 = Genesis.read(one.resolve("n2"));
    Genesis other = Genesis.read(two.resolve("n1"));
    assertThat(n2.ledgerId()).isEqualTo(n1.ledgerId()).isNotEqualTo(other.ledgerId());
    assertThat(n2.incarnation()).isEqualTo(n1.incarnation()).isNotEqualTo(other.incarnation());
    assertThat(n2.members()).isEqualTo(n1.members());
    assertThat(DataKey.read(one.resolve("n2/keys/data.key")).keyIdHex())
        .isEqualTo(n1.dataKeyId())
        .isNotEqualTo(other.dataKeyId());
  }

  @Test
  void nothing_is_ever_overwritten() throws IOException {
    Path site = Identities.site(temp.resolve("site"));
    List<String> before = tree(temp);
    HoldfastException e = Identities.refusal(() -> Identities.site(site));
    assertThat(e.code()).isEqualTo("directory-not-empty");
    assertThat(e.message()).contains(site.toString());
    assertThat(tree(temp)).isEqualTo(before);
    Path file = Files.writeString(temp.resolve("file"), "mine");
    assertThat(Identities.refusal(() -> Identities.site(file)).code())
        .isEqualTo("directory-not-empty");
    assertThat(file).hasContent("mine");
  }

  @Test
  void an_empty_directory_is_taken() throws IOException {
    Path site = Files.createDirectory(temp.resolve("site"));
    Identities.site(site);
    assertThat(site.resolve("n3/genesis.json")).exists();
  }

  @Test
  void a_run_that_fails_half_way_leaves_nothing_behind() throws IOException {
    SiteInit.NodePlan impossible =
        new SiteInit.NodePlan(
            new Member("n1", "localhost", 7401), List.of(), Map.of("no/such/dir", new byte[0]));
    Path site = temp.resolve("site");
    HoldfastException e =
        Identities.refusal(
            () -> SiteInit.create(site, "main", List.of(impossible), Identities.CLOCK));
    assertThat(e.code()).isEqualTo("init-failed");
    assertThat(list(temp)).isEmpty();
  }

  @Test
  void what_a_killed_run_left_is_cleared_by_the_next() throws IOException {
    Path left = Files.createDirectory(temp.resolve(".site.partial"));
    Files.createDirectories(left.resolve("n1/keys"));
    Files.writeString(left.resolve("n1/keys/node.key"), "half");
    Path site = Identities.site(temp.resolve("site"));
    assertThat(list(temp)).containsExactly(site);
  }

  @Test
  void a_renewed_certificate_is_for_the_same_node_and_hosts_as_before() throws Exception {
    Path site = temp.resolve("site");
    SiteInit.NodePlan plan =
        new SiteInit.NodePlan(
            new Member("n1", "pay.example", 7400), List.of("10.0.0.1", "www.example"), Map.of());
    SiteInit.create(site, "main", List.of(plan), Identities.CLOCK);
    Path file = site.resolve("n1/keys/node.crt");
    X509Certificate before = Pem.readCertificate(file);
    assertThat(CertificateRenewal.renew(site.resolve("ca"), site.resolve("n1"), Identities.CLOCK))
        .isAfterOrEqualTo(before.getNotAfter().toInstant());
    X509Certificate after = Pem.readCertificate(file);
    assertThat(after).isNotEqualTo(before);
    assertThat(after.getSubjectAlternativeNames())
        .containsExactlyInAnyOrderElementsOf(before.getSubjectAlternativeNames());
    Path other = Identities.site(temp.resolve("other"));
    assertThat(
            Identities.refusal(
                    () ->
                        CertificateRenewal.renew(
                            other.resolve("ca"), site.resolve("n1"), Identities.CLOCK))
                .code())
        .isEqualTo("wrong-authority");
    assertThat(Pem.readCertificate(file)).isEqualTo(after);
  }

  @Test
  void sites_that_could_not_work_are_refused_by_name() {
    assertThat(refusal("main", Identities.nodes(2)).message()).contains("2 nodes");
    assertThat(refusal("Main", Identities.nodes(1)).message()).contains("'Main'");
    assertThat(refusal("main", List.of(plan("n1", "a", 1), plan("n1", "b", 1), plan("n3", "c", 1))))
        .hasMessageContaining("n1 twice");
    assertThat(refusal("main", List.of(plan("n1", "a", 1), plan("n2", "a", 1), plan("n3", "c", 1))))
        .hasMessageContaining("a:1 twice");
    assertThat(refusal("main", List.of(plan("n1", "a b", 1)))).hasMessageContaining("a b");
    assertThat(refusal("main", List.of(plan("n1", "a", 0)))).hasMessageContaining("port is 0");
    assertThat(refusal("main", List.of(plan("ca", "a", 1)))).hasMessageContaining("'ca'");
  }

  private HoldfastException refusal(String site, List<SiteInit.NodePlan> nodes) {
    Path directory = temp.resolve("refused");
    HoldfastException e =
        Identities.refusal(() -> SiteInit.create(directory, site, nodes, Identities.CLOCK));
    assertThat(e.code()).isEqualTo("bad-site");
    assertThat(directory).doesNotExist();
    return e;
  }

  private static SiteInit.NodePlan plan(String name, String host, int port) {
    return new SiteInit.NodePlan(new Member(name, host, port), List.of(), Map.of());
  }
}
