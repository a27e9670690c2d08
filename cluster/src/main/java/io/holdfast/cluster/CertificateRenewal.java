package io.holdfast.cluster;

import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/** A node's certificate made anew by the authority of its ledger, before the old one runs out. */
public final class CertificateRenewal {
  private CertificateRenewal() {}

  /**
   * Issues a fresh key and certificate for a node, for the same hosts as before.
   *
   * @param authority the {@code ca} directory
   * @param nodeDirectory the node's directory as {@code init} made it, or where it runs; its keys
   *     are replaced, which a running node notices by itself
   * @return until when the new certificate is valid
   * @throws HoldfastException code {@code genesis-…}, {@code key-file-…}, {@code wrong-authority}
   *     when the node belongs to another ledger, {@code init-failed} (disk)
   */
  public static Instant renew(Path authority, Path nodeDirectory, Clock clock) {
    Genesis genesis = Genesis.read(nodeDirectory);
    Path keys = nodeDirectory.resolve("keys");
    CertificateAuthority ca = CertificateAuthority.loadFor(nodeDirectory, authority, clock);
    X509Certificate old = Pem.readCertificate(keys.resolve(NodeTls.CERTIFICATE_FILE));
    SequencedSet<String> hosts = new LinkedHashSet<>(CertificateAuthority.hostsOf(old));
    hosts.addFirst(genesis.self().host());
    try {
      CertificateAuthority.Issued issued =
          ca.issue(genesis.identity(), hosts, CertificateAuthority.NODE_VALIDITY);
      issued.write(keys);
      return issued.certificate().getNotAfter().toInstant();
    } catch (IOException e) {
      throw new HoldfastException("init-failed", "cannot write keys in " + keys + ": " + e, "", e);
    }
  }
}
